// Package static: starts in a straight line. Up to four at once are a matter of course, five are not.
package static

import (
	"context"
	"log"
	"net/http"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

type dashboard struct {
	pool *pgxpool.Pool

	users, orders, items, carts, sales, refunds int
}

func (d *dashboard) count(ctx context.Context, table string, n *int) error {
	return d.pool.QueryRow(ctx, "select count(*) from "+table).Scan(n)
}

func (d *dashboard) badFive(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.count(ctx, "users", &d.users) })
	g.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	g.Go(func() error { return d.count(ctx, "items", &d.items) })
	g.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	g.Go(func() error { return d.count(ctx, "sales", &d.sales) }) // want `5th that .* \(max-parallel 4`
	g.Go(func() error { return d.count(ctx, "refunds", &d.refunds) })
	return g.Wait()
}

func (d *dashboard) badNine(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(9)
	run := func(call string) {
		defer wg.Done()
		if _, err := d.pool.Exec(ctx, call); err != nil {
			log.Print(err)
		}
	}
	go run("call a()")
	go run("call b()")
	go run("call c()")
	go run("call d()")
	go run("call e()") // want `5th that .* \(max-parallel 4`
	go run("call f()")
	go run("call g()")
	go run("call h()")
	go run("call i()")
	wg.Wait()
}

func (d *dashboard) badWaitGroupGo(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { _ = d.count(ctx, "users", &d.users) })
	wg.Go(func() { _ = d.count(ctx, "orders", &d.orders) })
	wg.Go(func() { log.Print("no query in this one") })
	wg.Go(func() { _ = d.count(ctx, "items", &d.items) })
	wg.Go(func() { _ = d.count(ctx, "carts", &d.carts) })
	wg.Go(func() { _ = d.count(ctx, "sales", &d.sales) }) // want `5th that .* \(max-parallel 4`
	wg.Wait()
}

// badTwoGroups waits for both groups at the end: six at once.
func (d *dashboard) badTwoGroups(ctx context.Context) error {
	var a, b errgroup.Group
	a.Go(func() error { return d.count(ctx, "users", &d.users) })
	a.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	a.Go(func() error { return d.count(ctx, "items", &d.items) })
	b.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	b.Go(func() error { return d.count(ctx, "sales", &d.sales) }) // want `5th that .* \(max-parallel 4`
	b.Go(func() error { return d.count(ctx, "refunds", &d.refunds) })
	if err := a.Wait(); err != nil {
		return err
	}
	return b.Wait()
}

// badConc has no maximum.
func (d *dashboard) badConc(ctx context.Context) error {
	p := pool.New().WithErrors()
	p.Go(func() error { return d.count(ctx, "users", &d.users) })
	p.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	p.Go(func() error { return d.count(ctx, "items", &d.items) })
	p.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	p.Go(func() error { return d.count(ctx, "sales", &d.sales) }) // want `5th that .* \(max-parallel 4`
	return p.Wait()
}

// B1: four.
func (d *dashboard) okFour(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.count(ctx, "users", &d.users) })
	g.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	g.Go(func() error { return d.count(ctx, "items", &d.items) })
	g.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	return g.Wait()
}

// okSixLimited: the group has a limit.
func (d *dashboard) okSixLimited(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(3)
	g.Go(func() error { return d.count(ctx, "users", &d.users) })
	g.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	g.Go(func() error { return d.count(ctx, "items", &d.items) })
	g.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	g.Go(func() error { return d.count(ctx, "sales", &d.sales) })
	g.Go(func() error { return d.count(ctx, "refunds", &d.refunds) })
	return g.Wait()
}

// okFourQuery: six goroutines, four of them query.
func (d *dashboard) okFourQuery(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.count(ctx, "users", &d.users) })
	g.Go(func() error { return d.count(ctx, "orders", &d.orders) })
	g.Go(func() error { _, err := http.Get("http://rates.internal"); return err })
	g.Go(func() error { return d.count(ctx, "items", &d.items) })
	g.Go(func() error { _, err := http.Get("http://stock.internal"); return err })
	g.Go(func() error { return d.count(ctx, "carts", &d.carts) })
	return g.Wait()
}

// okTwoSteps: three, then three.
func (d *dashboard) okTwoSteps(ctx context.Context) error {
	a, actx := errgroup.WithContext(ctx)
	a.Go(func() error { return d.count(actx, "users", &d.users) })
	a.Go(func() error { return d.count(actx, "orders", &d.orders) })
	a.Go(func() error { return d.count(actx, "items", &d.items) })
	if err := a.Wait(); err != nil {
		return err
	}
	b, bctx := errgroup.WithContext(ctx)
	b.Go(func() error { return d.count(bctx, "carts", &d.carts) })
	b.Go(func() error { return d.count(bctx, "sales", &d.sales) })
	b.Go(func() error { return d.count(bctx, "refunds", &d.refunds) })
	return b.Wait()
}

// okOneOrTheOther: three on each path.
func (d *dashboard) okOneOrTheOther(ctx context.Context, shop bool) error {
	g, ctx := errgroup.WithContext(ctx)
	if shop {
		g.Go(func() error { return d.count(ctx, "users", &d.users) })
		g.Go(func() error { return d.count(ctx, "orders", &d.orders) })
		g.Go(func() error { return d.count(ctx, "items", &d.items) })
	} else {
		g.Go(func() error { return d.count(ctx, "carts", &d.carts) })
		g.Go(func() error { return d.count(ctx, "sales", &d.sales) })
		g.Go(func() error { return d.count(ctx, "refunds", &d.refunds) })
	}
	return g.Wait()
}

func (d *dashboard) okSwitch(ctx context.Context, kind string) {
	switch kind {
	case "users":
		go d.count(ctx, "users", &d.users)
	case "orders":
		go d.count(ctx, "orders", &d.orders)
	case "items":
		go d.count(ctx, "items", &d.items)
	case "carts":
		go d.count(ctx, "carts", &d.carts)
	case "sales":
		go d.count(ctx, "sales", &d.sales)
	default:
		go d.count(ctx, "refunds", &d.refunds)
	}
}

// okOneInside: one goroutine with five queries, one after the other.
func (d *dashboard) okOneInside(ctx context.Context) {
	go func() {
		_ = d.count(ctx, "users", &d.users)
		_ = d.count(ctx, "orders", &d.orders)
		_ = d.count(ctx, "items", &d.items)
		_ = d.count(ctx, "carts", &d.carts)
		_ = d.count(ctx, "sales", &d.sales)
	}()
}

// okPond: a crew of two for five tasks.
func (d *dashboard) okPond(ctx context.Context) {
	p := pond.NewPool(2)
	p.SubmitErr(func() error { return d.count(ctx, "users", &d.users) })
	p.SubmitErr(func() error { return d.count(ctx, "orders", &d.orders) })
	p.SubmitErr(func() error { return d.count(ctx, "items", &d.items) })
	p.SubmitErr(func() error { return d.count(ctx, "carts", &d.carts) })
	p.SubmitErr(func() error { return d.count(ctx, "sales", &d.sales) })
	p.StopAndWait()
}

// okPools: five goroutines, five pools (B7).
func okPools(ctx context.Context, users, orders, items, carts, sales *dashboard) {
	var wg sync.WaitGroup
	for _, d := range [...]*dashboard{users, orders, items, carts, sales} {
		wg.Go(func() { _ = d.count(ctx, "totals", &d.users) })
	}
	wg.Wait()
}
