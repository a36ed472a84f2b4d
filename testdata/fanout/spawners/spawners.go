// Package spawners: functions of the user that start what they are given.
package spawners

import (
	"context"
	"log"
	"net/http"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/fanout/spawnlib"
)

type service struct {
	pool *pgxpool.Pool
	wg   sync.WaitGroup
	jobs chan func()
}

func (s *service) touch(ctx context.Context, id int64) {
	if _, err := s.pool.Exec(ctx, "update items set touched = now() where id = $1", id); err != nil {
		log.Print(err)
	}
}

func spawn(f func()) { go f() }

func spawnIf(on bool, f func()) {
	if on {
		spawn(f)
	} else {
		f()
	}
}

func call(f func()) { f() }

// background starts f and counts it.
func (s *service) background(f func()) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

func (s *service) badSpawn(ctx context.Context, ids []int64) {
	for _, id := range ids {
		spawn(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *service) badSpawnTwice(ctx context.Context, ids []int64) {
	for _, id := range ids {
		spawnIf(id > 0, func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *service) badMethod(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.background(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	s.wg.Wait()
}

func (s *service) badHandler(w http.ResponseWriter, r *http.Request) {
	s.background(func() { s.touch(context.WithoutCancel(r.Context()), 1) }) // want `no bound \(one on each request`
	w.WriteHeader(http.StatusAccepted)
}

func (s *service) badLocal(ctx context.Context, ids []int64) {
	var wg sync.WaitGroup
	run := func(f func()) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	for _, id := range ids {
		run(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	wg.Wait()
}

// notify starts a goroutine of its own for each call.
func (s *service) notify(ctx context.Context, id int64) {
	go s.touch(ctx, id)
}

// okSpawnOnce starts one.
func (s *service) okSpawnOnce(ctx context.Context) {
	spawn(func() { s.touch(ctx, 1) })
	spawnlib.Safe(func() { s.touch(ctx, 2) })
}

// okCall: the helper calls, it does not start.
func (s *service) okCall(ctx context.Context, ids []int64) {
	for _, id := range ids {
		call(func() { s.touch(ctx, id) })
	}
}

func (s *service) okLibSequential(ctx context.Context, ids []int64) {
	spawnlib.Sequential(ids, func(id int64) { s.touch(ctx, id) })
}

// okLibForEachN has a bound.
func (s *service) okLibForEachN(ctx context.Context, ids []int64) error {
	return spawnlib.ForEachN(4, ids, func(id int64) error {
		s.touch(ctx, id)
		return nil
	})
}

// okLibCrew has slots.
func (s *service) okLibCrew(ctx context.Context, ids []int64) {
	crew := spawnlib.NewCrew(4)
	for _, id := range ids {
		crew.Run(func() { s.touch(ctx, id) })
	}
	crew.Wait()
}

func okLibNoQuery(names []string) {
	spawnlib.ForEach(names, func(name string) { log.Print(name) })
	for _, name := range names {
		spawnlib.Safe(func() { log.Print(name) })
	}
}

// okLibConstant starts three.
func (s *service) okLibConstant(ctx context.Context) {
	spawnlib.ForEach([]int64{1, 2, 3}, func(id int64) { s.touch(ctx, id) })
}

func (s *service) start(n int) {
	for range n {
		go func() {
			for job := range s.jobs {
				job()
			}
		}()
	}
}

func newService(pool *pgxpool.Pool) *service {
	s := &service{pool: pool, jobs: make(chan func(), 32)}
	s.start(4)
	return s
}

// okJobs hands the function to a fixed crew.
func (s *service) okJobs(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.jobs <- func() { s.touch(ctx, id) }
	}
}

// okJobsHandler: the crew is full or the request waits.
func (s *service) okJobsHandler(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	select {
	case s.jobs <- func() { s.touch(ctx, 1) }:
		w.WriteHeader(http.StatusAccepted)
	default:
		http.Error(w, "busy", http.StatusServiceUnavailable)
	}
}

// badCallee: the go statement is in the callee, the loop is here.
func (s *service) badCallee(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.notify(ctx, id) // want `leaves a goroutine behind .*up to len\(ids\)`
	}
}

// each starts n goroutines.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// eachNested does so by way of a literal and another spawner.
func eachNested(n int, f func(int)) {
	for i := range n {
		spawn(func() { f(i) })
	}
}

func spawnNested(f func()) {
	call(func() { spawn(func() { f() }) })
}

func (s *service) okEachOne(ctx context.Context) {
	each(1, func(int) { s.touch(ctx, 1) })
}

func (s *service) okEachFour(ctx context.Context) {
	each(4, func(i int) { s.touch(ctx, int64(i)) })
	eachNested(4, func(i int) { s.touch(ctx, int64(i)) })
}

func (s *service) okEachConfigured(ctx context.Context, workers int) {
	each(workers, func(i int) { s.touch(ctx, int64(i)) })
}

func (s *service) badEachLen(ctx context.Context, ids []int64) {
	each(len(ids), func(i int) { s.touch(ctx, ids[i]) }) // want `no bound`
}

func (s *service) badEachMany(ctx context.Context) {
	each(500, func(i int) { s.touch(ctx, int64(i)) }) // want `500`
}

func (s *service) badEachOneInLoop(ctx context.Context, ids []int64) {
	for _, id := range ids {
		eachNested(1, func(int) { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *service) okEachWaited(ctx context.Context, ids []int64) {
	for _, id := range ids {
		each(1, func(int) { s.touch(ctx, id) })
	}
}

func (s *service) okEachOneInHandler(w http.ResponseWriter, r *http.Request) {
	each(1, func(int) { s.touch(r.Context(), 1) })
}

func (s *service) badSpawnNested(ctx context.Context, ids []int64) {
	for _, id := range ids {
		spawnNested(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

func (s *service) badEachNestedLen(ctx context.Context, ids []int64) {
	eachNested(len(ids), func(i int) { s.touch(ctx, ids[i]) }) // want `no bound`
}

// What waits inside of a goroutine does not wait for that goroutine.

func (s *service) badWaitsInside(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go s.both(ctx, id) // want `no bound \(up to len\(ids\)`
	}
}

func (s *service) badWaitsInsideLiteral(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			var wg sync.WaitGroup
			wg.Go(func() { s.touch(ctx, id) })
			wg.Wait()
		}()
	}
}

func (s *service) both(ctx context.Context, id int64) {
	var wg sync.WaitGroup
	wg.Go(func() { s.touch(ctx, id) })
	wg.Go(func() { s.touch(ctx, id+1) })
	wg.Wait()
}

// logged waits for something else.
func logged(f func()) {
	var wg sync.WaitGroup
	wg.Go(func() { log.Print("start") })
	wg.Wait()
	go f()
}

func (s *service) badWaitsForOthers(ctx context.Context, ids []int64) {
	for _, id := range ids {
		logged(func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

// maybe waits if it is told to.
func maybe(wait bool, f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	if wait {
		wg.Wait()
	}
}

func (s *service) badMaybeWaits(ctx context.Context, ids []int64) {
	for _, id := range ids {
		maybe(false, func() { s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
}

// twice says another number than it is given.
func twice(tries int, f func(int)) {
	for range tries {
		log.Print("try")
	}
	each(1000, f)
}

func eachOf(ids []int64, f func(int)) { each(len(ids), f) }

func three(f func(int)) { each(3, f) }

func handOn(n int, f func(int)) { each(n, f) }

func (s *service) badTwice(ctx context.Context) {
	twice(2, func(i int) { s.touch(ctx, int64(i)) }) // want `up to 1000`
}

func (s *service) badEachOf(ctx context.Context, ids []int64) {
	eachOf(ids, func(i int) { s.touch(ctx, ids[i]) }) // want `no bound`
}

func (s *service) okThree(ctx context.Context) {
	three(func(i int) { s.touch(ctx, int64(i)) })
	handOn(3, func(i int) { s.touch(ctx, int64(i)) })
}

func (s *service) badHandOn(ctx context.Context, ids []int64) {
	handOn(len(ids), func(i int) { s.touch(ctx, ids[i]) }) // want `no bound`
}

// squared starts n for each of ids.
func squared(n int, ids []int64, f func(int64)) {
	for range n {
		func() {
			for _, id := range ids {
				go f(id)
			}
		}()
	}
}

func (s *service) badSquared(ctx context.Context, ids []int64) {
	squared(1, ids, func(id int64) { s.touch(ctx, id) }) // want `no bound`
}

// fan starts some for each of ids and some workers.
func fan(workers int, ids []int64, f func()) {
	for range ids {
		go f()
	}
	for range workers {
		go f()
	}
}

func (s *service) badFan(ctx context.Context, ids []int64) {
	fan(2, ids, func() { s.touch(ctx, 1) }) // want `no bound`
}

// A number that nobody waits for is as many again on the next request.
func (s *service) badNumberInHandler(w http.ResponseWriter, r *http.Request) {
	eachNested(3, func(i int) { s.touch(r.Context(), int64(i)) }) // want `no bound \(one on each request`
}

func (s *service) okNumberInHandler(w http.ResponseWriter, r *http.Request) {
	each(3, func(i int) { s.touch(r.Context(), int64(i)) })
}

// A transaction is for one at a time, however many somebody has thought of.
func (s *service) badEachOnTransaction(ctx context.Context, workers int) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	each(workers, func(int) { // want `goroutines share one transaction`
		_, _ = tx.Exec(ctx, "update items set touched = now()")
	})
	return tx.Commit(ctx)
}

func (s *service) okOneOnTransaction(ctx context.Context) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	each(1, func(int) { _, _ = tx.Exec(ctx, "update items set touched = now()") })
	return tx.Commit(ctx)
}
