package errgroups

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"runtime"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// B2: a constant.
func okLimit(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func okTryGo(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, id := range ids {
		if !g.TryGo(func() error { return one(ctx, pool, id) }) {
			return errors.Join(errors.New("busy"), g.Wait())
		}
	}
	return g.Wait()
}

// B2: a parameter.
func okLimitParam(ctx context.Context, pool *pgxpool.Pool, ids []int64, parallel int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

// Settings of the service.
type Settings struct {
	DB struct{ Parallel int }
}

// B2: a field of the configuration.
func okLimitField(ctx context.Context, pool *pgxpool.Pool, ids []int64, s *Settings) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.DB.Parallel)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

// okLimitIfSet: zero of the configuration means no limit; that is the operator's choice.
func okLimitIfSet(ctx context.Context, pool *pgxpool.Pool, ids []int64, s *Settings) error {
	g, ctx := errgroup.WithContext(ctx)
	if s.DB.Parallel > 0 {
		g.SetLimit(s.DB.Parallel)
	}
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

var parallel = flag.Int("parallel", 4, "queries at once")

func okLimitFlag(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(*parallel)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func okLimitEnv(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	n, err := strconv.Atoi(os.Getenv("PARALLEL"))
	if err != nil {
		n = 4
	}
	var g errgroup.Group
	g.SetLimit(n)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func okLimitCPU(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2 * runtime.GOMAXPROCS(0))
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

// B4: sized from the pool.
func okLimitPool(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, int(pool.Config().MaxConns)-2))
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func okLimitStat(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(int(pool.Stat().MaxConns()) / 2)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

// okLimitMin is a length and a bound: the smaller one counts.
func okLimitMin(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(max(1, min(len(ids), 8)))
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func okLimitClamped(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	n := len(ids)
	if n > 8 {
		n = 8
	}
	var g errgroup.Group
	g.SetLimit(n)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func width(n int) int {
	return max(1, min(n, 6))
}

func okLimitHelper(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(width(len(ids)))
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

var stages = [...]string{"load", "check", "store"}

// okLimitArray: the length is a constant.
func okLimitArray(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(len(stages))
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

func newGroup(ctx context.Context) (*errgroup.Group, context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	return g, ctx
}

// okLimitInHelper: the group has its limit when it comes.
func okLimitInHelper(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := newGroup(ctx)
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
	return g.Wait()
}

type indexer struct {
	pool *pgxpool.Pool
	g    *errgroup.Group
}

func newIndexer(pool *pgxpool.Pool) *indexer {
	g := new(errgroup.Group)
	g.SetLimit(3)
	return &indexer{pool: pool, g: g}
}

func (x *indexer) okFieldGroup(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		x.g.Go(func() error { return one(ctx, x.pool, id) })
	}
	return x.g.Wait()
}

func okEnqueue(ctx context.Context, g *errgroup.Group, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		g.Go(func() error { return one(ctx, pool, id) })
	}
}

func okEnqueueLimited(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	okEnqueue(ctx, g, pool, ids)
	return g.Wait()
}

// B1: count and page.
func okTwo(ctx context.Context, pool *pgxpool.Pool, page int) (total int, names []string, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return pool.QueryRow(ctx, "select count(*) from items").Scan(&total)
	})
	g.Go(func() error {
		return pool.QueryRow(ctx, "select array_agg(name) from (select name from items limit 20 offset $1)", page*20).Scan(&names)
	})
	return total, names, g.Wait()
}

// okNoQuery has no limit and no query.
func okNoQuery(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error {
			req, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
			if err != nil {
				return err
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return g.Wait()
}

// okQueryAfterWait: the group fetches, the queries come after it.
func okQueryAfterWait(ctx context.Context, pool *pgxpool.Pool, names []string) error {
	sizes := make([]int64, len(names))
	var g errgroup.Group
	for i, name := range names {
		g.Go(func() error {
			info, err := os.Stat(name)
			if err == nil {
				sizes[i] = info.Size()
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, size := range sizes {
		if err := one(ctx, pool, size); err != nil {
			return err
		}
	}
	return nil
}

// okWaitPerItem: both goroutines are waited for in the iteration.
func okWaitPerItem(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return one(ctx, pool, id) })
		g.Go(func() error { return one(ctx, pool, -id) })
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// okProducerAndCrew: one producer, a fixed crew.
func okProducerAndCrew(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	jobs := make(chan int64)
	g.Go(func() error {
		defer close(jobs)
		for _, id := range ids {
			select {
			case jobs <- id:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range 4 {
		g.Go(func() error {
			for id := range jobs {
				if err := one(ctx, pool, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
