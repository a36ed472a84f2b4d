// Package chains: the query is behind helpers, methods, interfaces and other packages.
package chains

import (
	"context"
	"errors"
	"io"
	"log"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"example.com/poolvet/testdata/fanout/chains/reports"
)

type app struct {
	pool  *pgxpool.Pool
	repo  *reports.Repo
	cache store
	hooks map[string]func(context.Context)
}

func (a *app) one(ctx context.Context, id int64) error   { return a.two(ctx, id) }
func (a *app) two(ctx context.Context, id int64) error   { return a.three(ctx, id) }
func (a *app) three(ctx context.Context, id int64) error { return a.four(ctx, id) }
func (a *app) four(ctx context.Context, id int64) error {
	_, err := a.pool.Exec(ctx, "call four($1)", id)
	return err
}

func (a *app) badFourCalls(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go a.one(ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

// badOtherPackage: nothing in this package shows the query.
func (a *app) badOtherPackage(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			n, err := a.repo.Sum(ctx, id)
			log.Print(n)
			return err
		})
	}
	return g.Wait()
}

// badInterfaceArgument: the other package queries through an interface that this value implements.
func (a *app) badInterfaceArgument(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			text, err := reports.Build(ctx, a.repo, id)
			log.Print(text, err)
		}()
	}
}

type store interface {
	Save(ctx context.Context, id int64) error
}

type pgStore struct{ pool *pgxpool.Pool }

// Save queries.
func (s pgStore) Save(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, "insert into cache values ($1)", id)
	return err
}

// badInterface has one implementation that can be seen.
func (a *app) badInterface(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go a.cache.Save(ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

func badInterfaceParam(ctx context.Context, s store, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { // want `no bound \(up to len\(ids\)`
			if err := s.Save(ctx, id); err != nil {
				log.Print(err)
			}
		})
	}
	wg.Wait()
}

// audited embeds the store.
type audited struct {
	store
	log io.Writer
}

func badEmbedded(ctx context.Context, s *audited, ids []int64) {
	for _, id := range ids {
		go s.Save(ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

// retry is a decorator.
func retry(n int, f func() error) (err error) {
	for range n {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

func (a *app) badDecorated(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go retry(3, func() error { return a.four(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (a *app) badMethodValue(ctx context.Context, ids []int64) {
	save := a.four
	for _, id := range ids {
		go save(ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

func (a *app) badMethodExpression(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go (*app).four(a, ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

// saver returns a function that queries.
func (a *app) saver(ctx context.Context) func(int64) error {
	return func(id int64) error { return a.four(ctx, id) }
}

func apply[T any](ctx context.Context, v T, f func(context.Context, T) error) error {
	return f(ctx, v)
}

func (a *app) badGeneric(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go apply(ctx, id, a.four) // want `no bound \(up to len\(ids\)`
	}
}

// inTx is a helper of the application.
func (a *app) inTx(ctx context.Context, f func() error) error {
	tx, err := a.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func (a *app) badInTx(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go a.inTx(ctx, func() error { // want `no bound \(up to len\(ids\)`
			log.Print(id)
			return nil
		})
	}
}

// okNoQueryMethod: the type queries, this method does not.
func (a *app) okNoQueryMethod(ids []int64) {
	for _, id := range ids {
		go log.Print(a.repo.Title(id))
	}
}

type sink interface{ Put(id int64) }

// okUnknownInterface has no implementation that can be seen.
func okUnknownInterface(s sink, ids []int64) {
	for _, id := range ids {
		go s.Put(id)
	}
}

type memory struct{ m sync.Map }

// Keep is memory only.
func (m *memory) Keep(id int64) error { m.m.Store(id, true); return nil }

type keeper interface{ Keep(id int64) error }

// okOtherInterface: the implementation does not query.
func okOtherInterface(k keeper, ids []int64) {
	for _, id := range ids {
		go k.Keep(id)
	}
}

// okHooks: nothing is known of the functions.
func (a *app) okHooks(ctx context.Context) {
	for _, hook := range a.hooks {
		go hook(ctx)
	}
}

// okOtherPackageLimited is bounded.
func (a *app) okOtherPackageLimited(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			_, err := a.repo.Sum(ctx, id)
			return err
		})
	}
	return g.Wait()
}

// okFuncBuilt: the goroutine makes the function and does not call it.
func (a *app) okFuncBuilt(ctx context.Context, ids []int64, out chan<- func() error) {
	for _, id := range ids {
		go func() {
			out <- func() error { return a.four(ctx, id) }
		}()
	}
}

// okCloseAll closes, it does not query.
func okCloseAll(repos []*reports.Repo) {
	for _, r := range repos {
		go r.Close()
	}
}
