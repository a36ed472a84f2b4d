package libs

import (
	"context"
	"log"
	"strings"

	"github.com/alitto/pond/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/panjf2000/ants/v2"
	"github.com/samber/lo"
	"github.com/samber/lo/parallel"
	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
	"github.com/sourcegraph/conc/stream"
	"golang.org/x/sync/errgroup"
)

// B9: a maximum.
func okConcPool(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pool.New().WithMaxGoroutines(4)
	for _, id := range ids {
		p.Go(func() { _, _ = name(ctx, db, id) })
	}
	p.Wait()
}

// okConcChain: the maximum is set in the middle of the chain.
func okConcChain(ctx context.Context, db *pgxpool.Pool, ids []int64) ([]string, error) {
	p := pool.NewWithResults[string]().WithContext(ctx).WithMaxGoroutines(8).WithCancelOnError()
	for _, id := range ids {
		p.Go(func(ctx context.Context) (string, error) { return name(ctx, db, id) })
	}
	return p.Wait()
}

// okConcBefore: the maximum is set before the kind is changed.
func okConcBefore(ctx context.Context, db *pgxpool.Pool, ids []int64, n int) error {
	p := pool.New().WithMaxGoroutines(n).WithErrors()
	for _, id := range ids {
		p.Go(func() error {
			_, err := name(ctx, db, id)
			return err
		})
	}
	return p.Wait()
}

// okConcMethodValue: the kind is changed by a method value.
func okConcMethodValue(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	withErrors := pool.New().WithMaxGoroutines(4).WithErrors
	p := withErrors()
	for _, id := range ids {
		p.Go(func() error {
			_, err := name(ctx, db, id)
			return err
		})
	}
	return p.Wait()
}

func okConcStream(ctx context.Context, db *pgxpool.Pool, ids <-chan int64) {
	s := stream.New().WithMaxGoroutines(4)
	for id := range ids {
		s.Go(func() stream.Callback {
			n, err := name(ctx, db, id)
			return func() { log.Print(n, err) }
		})
	}
	s.Wait()
}

// B9: conc/iter has as many goroutines as there are processors.
func okConcIter(ctx context.Context, db *pgxpool.Pool, ids []int64) ([]string, error) {
	iter.ForEach(ids, func(id *int64) { _, _ = name(ctx, db, *id) })
	return iter.MapErr(ids, func(id *int64) (string, error) { return name(ctx, db, *id) })
}

func okConcIterMax(ctx context.Context, db *pgxpool.Pool, ids []int64) []string {
	m := iter.Mapper[int64, string]{MaxGoroutines: 6}
	return m.Map(ids, func(id *int64) string {
		n, _ := name(ctx, db, *id)
		return n
	})
}

// okConcTwo starts two (B1).
func okConcTwo(ctx context.Context, db *pgxpool.Pool) {
	var wg conc.WaitGroup
	wg.Go(func() { _, _ = name(ctx, db, 1) })
	wg.Go(func() { _, _ = name(ctx, db, 2) })
	wg.Wait()
}

func okConcNoQuery(texts []string) {
	var wg conc.WaitGroup
	for _, text := range texts {
		wg.Go(func() { log.Print(strings.ToUpper(text)) })
	}
	wg.Wait()
}

// B9: pond with a maximum.
func okPond(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p := pond.NewPool(8)
	for _, id := range ids {
		p.Submit(func() { _, _ = name(ctx, db, id) })
	}
	p.StopAndWait()
}

func okPondGroup(ctx context.Context, db *pgxpool.Pool, ids []int64, workers int) error {
	p := pond.NewPool(workers)
	defer p.StopAndWait()
	group := p.NewGroupContext(ctx)
	for _, id := range ids {
		group.SubmitErr(func() error {
			_, err := name(ctx, db, id)
			return err
		})
	}
	return group.Wait()
}

// okPondSubpool: the large pool is for all work, its part for the database is small.
func okPondSubpool(ctx context.Context, db *pgxpool.Pool, all pond.Pool, ids []int64) {
	sub := all.NewSubpool(4)
	for _, id := range ids {
		sub.Submit(func() { _, _ = name(ctx, db, id) })
	}
	sub.StopAndWait()
}

// B9: ants with a maximum.
func okAnts(ctx context.Context, db *pgxpool.Pool, ids []int64) error {
	p, err := ants.NewPool(8, ants.WithPreAlloc(true))
	if err != nil {
		return err
	}
	defer p.Release()
	for _, id := range ids {
		if err := p.Submit(func() { _, _ = name(ctx, db, id) }); err != nil {
			return err
		}
	}
	return nil
}

func okAntsFunc(ctx context.Context, db *pgxpool.Pool, ids []int64) {
	p, _ := ants.NewPoolWithFuncGeneric(4, func(id int64) { _, _ = name(ctx, db, id) })
	defer p.Release()
	for _, id := range ids {
		_ = p.Invoke(id)
	}
}

// okLoThree: a list of three.
func okLoThree(ctx context.Context, db *pgxpool.Pool) {
	parallel.ForEach([]int64{1, 2, 3}, func(id int64, _ int) { _, _ = name(ctx, db, id) })
}

// desk hands its work to pools of goroutines that have a maximum.
type desk struct {
	db    *pgxpool.Pool
	pool  pond.Pool
	group errgroup.Group
}

func newDesk(db *pgxpool.Pool) *desk {
	d := &desk{db: db, pool: pond.NewPool(4)}
	d.group.SetLimit(4)
	return d
}

func (d *desk) submit(ctx context.Context, id int64) {
	d.pool.Submit(func() { _, _ = name(ctx, d.db, id) })
}

func (d *desk) start(ctx context.Context, id int64) {
	d.group.Go(func() error {
		_, err := name(ctx, d.db, id)
		return err
	})
}

// okBehind: the functions leave goroutines behind, of a group that has a maximum.
func (d *desk) okBehind(ctx context.Context, ids []int64) {
	for _, id := range ids {
		d.submit(ctx, id)
		d.start(ctx, id)
	}
}

type crew struct {
	db   *pgxpool.Pool
	pool *ants.Pool
}

func newCrew(db *pgxpool.Pool, size int) (*crew, error) {
	p, err := ants.NewPool(size)
	return &crew{db: db, pool: p}, err
}

// okAntsField: the constructor has given it a size.
func (c *crew) okAntsField(ctx context.Context, ids []int64) {
	for _, id := range ids {
		_ = c.pool.Submit(func() { _, _ = name(ctx, c.db, id) })
	}
}

// okLoSequential: lo itself is sequential.
func okLoSequential(ctx context.Context, db *pgxpool.Pool, ids []int64) []string {
	lo.ForEach(ids, func(id int64, _ int) { _, _ = name(ctx, db, id) })
	return lo.Map(ids, func(id int64, _ int) string {
		n, _ := name(ctx, db, id)
		return n
	})
}

func okLoNoQuery(texts []string) []int {
	return parallel.Map(texts, func(text string, _ int) int { return len(text) })
}

func okLoTimes(ctx context.Context, db *pgxpool.Pool) []string {
	return parallel.Times(3, func(i int) string {
		n, _ := name(ctx, db, int64(i))
		return n
	})
}

// okLoAsync starts one.
func okLoAsync(ctx context.Context, db *pgxpool.Pool) string {
	c := lo.Async(func() string {
		n, _ := name(ctx, db, 1)
		return n
	})
	return <-c
}
