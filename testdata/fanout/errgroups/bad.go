// Package errgroups: golang.org/x/sync/errgroup with and without a limit.
package errgroups

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

func one(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	var n int
	return pool.QueryRow(ctx, "select count(*) from items where id = $1", id).Scan(&n)
}

// U2: no SetLimit.
func badNoLimit(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

func badZeroGroup(ctx context.Context, db *sql.DB, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			_, err := db.ExecContext(ctx, "delete from items where id = $1", id)
			return err
		})
	}
	return g.Wait()
}

// badTryGo: without a limit TryGo always starts.
func badTryGo(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.TryGo(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

// U6: the limit is the length of the input.
func badLimitLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(len(ids)) // want `grows with what it is to bound`
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func badLimitLenVariable(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	n := len(ids)
	if n == 0 {
		return nil
	}
	g.SetLimit(n) // want `grows with what it is to bound`
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func badLimitMaxLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(max(1, len(ids))) // want `grows with what it is to bound`
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func badLimitHalf(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(len(ids)/2 + 1) // want `the goroutines started at L\d+`
	for i := range ids {
		g.Go(func() error { return one(ctx, pool, ids[i]) })
	}
	return g.Wait()
}

// U6: no limit at all, in words that look like one.
func badLimitNegative(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(-1) // want `is no limit`
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func badLimitNegativeConst(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	const unlimited = -1
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(unlimited) // want `is no limit`
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

// badLimitLarge: U10, it is a bound, but not one that a pool can bear.
func badLimitLarge(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(500)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) }) // want `up to 500 goroutines .*more than max-conns 15`
	}
	return g.Wait()
}

// badLimitLate comes after the goroutines.
func badLimitLate(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	g.SetLimit(4)
	return g.Wait()
}

// badOtherGroup has a limit, but not this group.
func badOtherGroup(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var fetch, store errgroup.Group
	fetch.SetLimit(4)
	for _, id := range ids {
		store.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	fetch.Go(func() error { return ctx.Err() })
	if err := fetch.Wait(); err != nil {
		return err
	}
	return store.Wait()
}

// badShadowed: the inner group is another one.
func badShadowed(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	if len(ids) > 0 {
		g, ctx := errgroup.WithContext(ctx)
		for _, id := range ids {
			g.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
		}
		return g.Wait()
	}
	return g.Wait()
}

// badInnerGroup: the outer limit is multiplied by the length of each order.
func badInnerGroup(ctx context.Context, pool *pgxpool.Pool, orders map[int64][]int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, items := range orders {
		g.Go(func() error {
			var inner errgroup.Group
			for _, id := range items {
				inner.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(items\)`
			}
			return inner.Wait()
		})
	}
	return g.Wait()
}

type syncer struct {
	pool *pgxpool.Pool
	g    errgroup.Group
}

// badFieldGroup: nobody limits the group of the field.
func (s *syncer) badFieldGroup(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		s.g.Go(func() error { return one(ctx, s.pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	return s.g.Wait()
}

// badEnqueue has its group from its callers, and no caller limits it.
func badEnqueue(ctx context.Context, g *errgroup.Group, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func enqueueAll(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	badEnqueue(ctx, g, pool, ids)
	return g.Wait()
}

// badWithTimeout: nothing is known of the pool's limit.
func badWithTimeout(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

func (s *syncer) refresh() error {
	return one(context.Background(), s.pool, 1)
}

func badMethodValue(s *syncer, ticks <-chan time.Time) error {
	var g errgroup.Group
	for range ticks {
		g.Go(s.refresh) // want `no bound \(one on each tick`
	}
	return g.Wait()
}
