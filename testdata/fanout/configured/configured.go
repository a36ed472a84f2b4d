// Package configured starts goroutines by functions that rows of the user describe.
package configured

import (
	"context"
	"log"
	"net/http"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/fanout/configured/lib"
	"example.com/poolvet/testdata/fanout/configured/own"
)

type store struct {
	db    *pgxpool.Pool
	queue *lib.Queue
}

func (s *store) touch(ctx context.Context, id int64) {
	if _, err := s.db.Exec(ctx, "update items set touched = now() where id = $1", id); err != nil {
		log.Print(err)
	}
}

func (s *store) all(ctx context.Context) {
	s.touch(ctx, 0)
}

func (s *store) badSafe(ctx context.Context, ids []int64) {
	for _, id := range ids {
		lib.Safe(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *store) badNamed(ctx context.Context, ids []int64) {
	for _, id := range ids {
		lib.Named("touch", func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	lib.WaitAll()
}

func (s *store) badSeveral(ctx context.Context, ids []int64) {
	for _, id := range ids {
		lib.Several(func() { log.Print(id) }, func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *store) badHandler(_ http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	lib.Safe(func() { s.all(ctx) }) // want `no bound \(one on each request`
}

func (s *store) badEach(ctx context.Context, ids []int64) {
	lib.All(ctx, ids, func(ctx context.Context, id int64) { s.touch(ctx, id) }) // want `no bound \(one for each element`
}

func (s *store) badMethodValue(ctx context.Context, ids []int64) {
	lib.All(ctx, ids, s.touch) // want `no bound \(one for each element`
}

func (s *store) badGroup(ctx context.Context, ids []int64) {
	var g lib.Group
	for _, id := range ids {
		g.Go(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\); .*\); call g.SetMax with a number that fits the pool`
	}
	g.Wait()
}

// badGroupLength: a limit that grows with the list is none.
func (s *store) badGroupLength(ctx context.Context, ids []int64) {
	var g lib.Group
	g.SetMax(len(ids)) // want `g.SetMax\(len\(ids\)\) grows with what it is to bound`
	for _, id := range ids {
		g.Go(func() { s.touch(ctx, id) })
	}
	g.Wait()
}

func (s *store) badGroupLarge(ctx context.Context, ids []int64) {
	g := new(lib.Group).SetMax(200)
	for _, id := range ids {
		g.Go(func() { s.touch(ctx, id) }) // want `up to 200 goroutines take a connection each .*more than max-conns 15`
	}
	g.Wait()
}

func (s *store) badPoolLarge(ctx context.Context, ids []int64) {
	p := lib.NewPool(200)
	for _, id := range ids {
		p.Submit(func() { s.touch(ctx, id) }) // want `up to 200 goroutines take a connection each`
	}
	p.Wait()
}

// badBackground: a package between this one and the spawner starts it.
func (s *store) badBackground(ctx context.Context, ids []int64) {
	for _, id := range ids {
		own.Background(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	own.Each(len(ids), func() { s.touch(ctx, 1) }) // want `no bound \(one for each element`
}

// notify leaves a goroutine behind.
func (s *store) notify(ctx context.Context, id int64) {
	lib.Safe(func() { s.touch(ctx, id) })
}

func (s *store) badLeft(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.notify(ctx, id) // want `s.notify leaves a goroutine behind .*up to len\(ids\)`
	}
}

func (s *store) badShared(ctx context.Context, tx pgx.Tx, ids []int64) {
	for _, id := range ids {
		lib.Safe(func() { // want `share one transaction`
			_, _ = tx.Exec(ctx, "update items set touched = now() where id = $1", id)
		})
	}
}

func (s *store) badParallel(ctx context.Context) {
	lib.Safe(func() { s.touch(ctx, 1) })
	lib.Safe(func() { s.touch(ctx, 2) })
	lib.Safe(func() { s.touch(ctx, 3) })
	lib.Safe(func() { s.touch(ctx, 4) })
	lib.Safe(func() { s.touch(ctx, 5) }) // want `the 5th that this function runs in parallel`
}

// okParallel waits in between.
func (s *store) okParallel(ctx context.Context) {
	lib.Safe(func() { s.touch(ctx, 1) })
	lib.Safe(func() { s.touch(ctx, 2) })
	lib.Safe(func() { s.touch(ctx, 3) })
	lib.WaitAll()
	lib.Safe(func() { s.touch(ctx, 4) })
	lib.Safe(func() { s.touch(ctx, 5) })
	lib.WaitAll()
}

// okOnce starts one.
func (s *store) okOnce(ctx context.Context) { lib.Safe(func() { s.touch(ctx, 1) }) }

// okNoQuery takes no connection.
func okNoQuery(names []string) {
	for _, name := range names {
		lib.Safe(func() { log.Print(name) })
	}
}

func (s *store) okGroup(ctx context.Context, ids []int64, n int) {
	var g lib.Group
	g.SetMax(n)
	for _, id := range ids {
		g.Go(func() { s.touch(ctx, id) })
	}
	g.Wait()
}

// okGroupRound waits in each round.
func (s *store) okGroupRound(ctx context.Context, ids []int64) {
	for _, id := range ids {
		var g lib.Group
		g.Go(func() { s.touch(ctx, id) })
		g.Wait()
	}
}

// okGroupChunk waits for each chunk.
func (s *store) okGroupChunk(ctx context.Context, ids []int64) {
	for chunk := range slices.Chunk(ids, 4) {
		var g lib.Group
		for _, id := range chunk {
			g.Go(func() { s.touch(ctx, id) })
		}
		g.Wait()
	}
}

// okWaitAll waits in each round for all that the package has started.
func (s *store) okWaitAll(ctx context.Context, ids []int64) {
	for _, id := range ids {
		lib.Safe(func() { s.touch(ctx, id) })
		lib.WaitAll()
	}
}

// okTask waits in each round for what it has started.
func (s *store) okTask(ctx context.Context, ids []int64) {
	for _, id := range ids {
		task := lib.Start(func() { s.touch(ctx, id) })
		log.Print(id)
		task.Wait()
	}
}

// badTask waits when all have been started.
func (s *store) badTask(ctx context.Context, ids []int64) {
	var tasks []*lib.Task
	for _, id := range ids {
		tasks = append(tasks, lib.Start(func() { s.touch(ctx, id) })) // want `no bound \(up to len\(ids\)`
	}
	for _, t := range tasks {
		t.Wait()
	}
}

// okWaitGroup counts by itself, and waits for each chunk.
func (s *store) okWaitGroup(ctx context.Context, ids []int64) {
	for chunk := range slices.Chunk(ids, 4) {
		var wg sync.WaitGroup
		for _, id := range chunk {
			wg.Add(1)
			lib.Safe(func() {
				defer wg.Done()
				s.touch(ctx, id)
			})
		}
		wg.Wait()
	}
}

func (s *store) okPool(ctx context.Context, ids []int64) {
	p := lib.NewPool(8)
	for _, id := range ids {
		p.Submit(func() { s.touch(ctx, id) })
	}
	p.Wait()
}

// okPoolGiven: who makes the pool bounds it.
func (s *store) okPoolGiven(ctx context.Context, p lib.Pool, ids []int64) {
	for _, id := range ids {
		p.Submit(func() { s.touch(ctx, id) })
	}
	p.Wait()
}

// okThree: a list of three.
func (s *store) okThree(ctx context.Context) {
	lib.All(ctx, []int64{1, 2, 3}, s.touch)
}

// okBounded: the row says that it bounds them itself.
func (s *store) okBounded(ctx context.Context, ids []int64) {
	lib.AllBut(ids, func(id int64) { s.touch(ctx, id) })
	for _, id := range ids {
		s.queue.Put(func() { s.touch(ctx, id) })
	}
}

// put leaves it to the workers of the queue.
func (s *store) put(ctx context.Context, id int64) {
	s.queue.Put(func() { s.touch(ctx, id) })
}

// later hands on what it is given.
func (s *store) later(f func()) { s.queue.Put(f) }

func (s *store) okBoundedBehind(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.put(ctx, id)
		s.later(func() { s.touch(ctx, id) })
		own.Later(func() { s.touch(ctx, id) })
	}
}

func (s *store) okBoundedHandler(_ http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	s.queue.Put(func() { s.touch(ctx, 1) })
}

// hire is a crew of this package. Its row says what its code does not show: that somebody bounds it.
func hire(f func()) { go f() }

func (s *store) okOwnRow(ctx context.Context, ids []int64) {
	for _, id := range ids {
		hire(func() { s.touch(ctx, id) })
	}
}
