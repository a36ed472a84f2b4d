// Package libs: pools of goroutines of other libraries.
package libs

import (
	"context"
	"log"

	"github.com/alitto/pond/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/panjf2000/ants/v2"
	"github.com/samber/lo"
	"github.com/samber/lo/parallel"
	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/pool"
	"github.com/sourcegraph/conc/stream"
	"golang.org/x/sync/errgroup"
)

func name(ctx context.Context, db *pgxpool.Pool, id int64) (name string, err error) {
	err = db.QueryRow(ctx, "select name from items where id = $1", id).Scan(&name)
	return name, err
}

func badConcWaitGroup(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	var wg conc.WaitGroup
	for _, id := range ids {
		wg.Go(func() { _, _ = name(ctx, db, id) }) // want `no bound \(up to len\(ids\)`
	}
	wg.Wait()
}

// badConcPool: New has no maximum.
func badConcPool(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pool.New()
	for _, id := range ids {
		p.Go(func() { _, _ = name(ctx, db, id) }) // want `no bound \(up to len\(ids\)`
	}
	p.Wait()
}

func badConcErrors(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	p := pool.New().WithErrors().WithFirstError()
	for _, id := range ids {
		p.Go(func() error { // want `no bound \(up to len\(ids\)`
			_, err := name(ctx, db, id)
			return err
		})
	}
	return p.Wait()
}

func badConcContext(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	p := pool.New().WithContext(ctx).WithCancelOnError()
	for _, id := range ids {
		p.Go(func(ctx context.Context) error { // want `no bound \(up to len\(ids\)`
			_, err := name(ctx, db, id)
			return err
		})
	}
	return p.Wait()
}

func badConcResults(ctx context.Context, db *pgxpool.Pool, ids []int64) ([]string, error) {
	p := pool.NewWithResults[string]().WithContext(ctx)
	for _, id := range ids {
		p.Go(func(ctx context.Context) (string, error) { // want `no bound \(up to len\(ids\)`
			return name(ctx, db, id)
		})
	}
	return p.Wait()
}

// badConcLen has a maximum: one for each item (U6).
func badConcLen(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pool.New().WithMaxGoroutines(len(ids)) // want `grows with what it is to bound`
	for _, id := range ids {
		p.Go(func() { _, _ = name(ctx, db, id) })
	}
	p.Wait()
}

func badConcLarge(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pool.New().WithMaxGoroutines(100)
	for _, id := range ids {
		p.Go(func() { _, _ = name(ctx, db, id) }) // want `up to 100 goroutines .*more than max-conns 15`
	}
	p.Wait()
}

func badConcStream(ctx context.Context, db *pgxpool.Pool, ids <-chan int64) {
	s := stream.New()
	for id := range ids {
		s.Go(func() stream.Callback { // want `no bound \(one for each message of ids`
			n, err := name(ctx, db, id)
			return func() { log.Print(n, err) }
		})
	}
	s.Wait()
}

// badPondUnbounded: zero is no maximum.
func badPondUnbounded(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pond.NewPool(0) // want `is no limit`
	for _, id := range ids {
		p.Submit(func() { _, _ = name(ctx, db, id) })
	}
	p.StopAndWait()
}

// badPondDefault: the default pool has no maximum.
func badPondDefault(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		pond.SubmitErr(func() error { // want `no bound \(up to len\(ids\)`
			_, err := name(ctx, db, id)
			return err
		})
	}
}

// badAntsLarge is U10: a thousand workers.
func badAntsLarge(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	p, err := ants.NewPool(1000)
	if err != nil {
		return err
	}
	defer p.Release()
	for _, id := range ids {
		err := p.Submit(func() { // want `up to 1000 goroutines .*more than max-conns 15`
			_, _ = name(ctx, db, id)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// badAntsDefault: the default pool has room for two billion.
func badAntsDefault(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		_ = ants.Submit(func() { _, _ = name(ctx, db, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func badAntsNegative(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p, _ := ants.NewPool(-1) // want `is no limit`
	defer p.Release()
	for _, id := range ids {
		_ = p.Submit(func() { _, _ = name(ctx, db, id) })
	}
}

// badLoForEach: lo/parallel has no bound (B9's exception).
func badLoForEach(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	parallel.ForEach(ids, func(id int64, _ int) { // want `no bound \(one for each element`
		_, _ = name(ctx, db, id)
	})
}

func badLoMap(ctx context.Context, db *pgxpool.Pool, ids []int64) []string {
	return parallel.Map(ids, func(id int64, _ int) string { // want `no bound \(one for each element`
		n, _ := name(ctx, db, id)
		return n
	})
}

func badLoTimes(ctx context.Context, db *pgxpool.Pool, ids []int64) []string {
	return parallel.Times(len(ids), func(i int) string { // want `one for each element`
		n, _ := name(ctx, db, ids[i])
		return n
	})
}

func badPondGroup(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	group := pond.NewPool(100).NewGroupContext(ctx)
	for _, id := range ids {
		group.SubmitErr(func() error { // want `up to 100 goroutines take a connection each .*more than max-conns 15`
			_, err := name(ctx, db, id)
			return err
		})
	}
	return group.Wait()
}

func badLoGroupBy(ctx context.Context, db *pgxpool.Pool, ids []int64) map[string][]int64 {
	return parallel.GroupBy(ids, func(id int64) string { // want `no bound \(one for each element`
		n, _ := name(ctx, db, id)
		return n
	})
}

func badLoAsync(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	var out []<-chan string
	for _, id := range ids {
		out = append(out, lo.Async(func() string { // want `no bound \(up to len\(ids\)`
			n, _ := name(ctx, db, id)
			return n
		}))
	}
	for _, c := range out {
		log.Print(<-c)
	}
}

// stall is a desk without a maximum.
type stall struct {
	db    *pgxpool.Pool
	group errgroup.Group
}

func (s *stall) start(ctx context.Context, id int64) {
	s.group.Go(func() error {
		_, err := name(ctx, s.db, id)
		return err
	})
}

func (s *stall) badBehind(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.start(ctx, id) // want `s.start leaves a goroutine behind .*up to len\(ids\)`
	}
}
