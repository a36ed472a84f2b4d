package goloops

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"
)

func okNoQuery(xs []int) (sum int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += x
		}()
	}
	wg.Wait()
	return sum
}

// okQueryBefore: the query is in the loop, the goroutine has its result.
func okQueryBefore(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		var url string
		if err := pool.QueryRow(ctx, "select hook from items where id = $1", id).Scan(&url); err != nil {
			return err
		}
		go func() {
			resp, err := http.Post(url, "text/plain", nil)
			if err == nil {
				resp.Body.Close()
			}
		}()
	}
	return nil
}

// okCollect: goroutines call the network, the results are written by one.
func okCollect(ctx context.Context, pool *pgxpool.Pool, urls []string) error {
	codes := make([]int, len(urls))
	var wg sync.WaitGroup
	for i, url := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if resp, err := http.Get(url); err == nil {
				codes[i] = resp.StatusCode
				resp.Body.Close()
			}
		}()
	}
	wg.Wait()
	for i, url := range urls {
		if _, err := pool.Exec(ctx, "insert into checks values ($1, $2)", url, codes[i]); err != nil {
			return err
		}
	}
	return nil
}

// okBatchQueue: queueing takes no connection.
func okBatchQueue(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		batch pgx.Batch
	)
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			batch.Queue(touch, id)
		}()
	}
	wg.Wait()
	return pool.SendBatch(ctx, &batch).Close()
}

// okStat: neither Stat nor Config takes a connection.
func okStat(pool *pgxpool.Pool, names []string) {
	for _, name := range names {
		go func() {
			slog.Info("pool", "name", name, "acquired", pool.Stat().AcquiredConns(), "max", pool.Config().MaxConns)
		}()
	}
}

func okStats(db *sql.DB, sinks []func(sql.DBStats)) {
	for _, sink := range sinks {
		go sink(db.Stats())
	}
}

// okBuilders: a statement is built, not run.
func okBuilders(tables []string) {
	for _, table := range tables {
		go func() {
			text, args, err := squirrel.Select("id").From(table).Where(squirrel.Eq{"live": true}).ToSql()
			log.Print(text, args, err)
		}()
	}
}

func okGormBuilders(db *gorm.DB, tables []string) []*gorm.DB {
	out := make([]*gorm.DB, len(tables))
	var wg sync.WaitGroup
	for i, table := range tables {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out[i] = db.Table(table).Where("live").Order("id")
		}()
	}
	wg.Wait()
	return out
}

// okClosePools closes several pools at the same time.
func okClosePools(pools []*pgxpool.Pool) {
	var wg sync.WaitGroup
	for _, pool := range pools {
		wg.Add(1)
		go func() {
			defer wg.Done()
			pool.Close()
		}()
	}
	wg.Wait()
}

// okLoopInside is one goroutine that works through the list (B10).
func okLoopInside(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	go func() {
		for _, id := range ids {
			_, _ = pool.Exec(ctx, touch, id)
		}
	}()
}

// okTickerInside runs the task inline (B10).
func okTickerInside(ctx context.Context, pool *pgxpool.Pool) {
	go func() {
		t := time.NewTicker(time.Minute)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				_, _ = pool.Exec(ctx, "delete from sessions where expires < now()")
			}
		}
	}()
}

// okJoinedDone waits for each goroutine in its iteration.
func okJoinedDone(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = pool.Exec(ctx, touch, id)
		}()
		<-done
	}
}

func okJoinedResult(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	errc := make(chan error)
	for _, id := range ids {
		go func() {
			_, err := pool.Exec(ctx, touch, id)
			errc <- err
		}()
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

func okJoinedWait(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = pool.Exec(ctx, touch, id)
		}()
		wg.Wait()
	}
}

// okStartsOne leaves the loop with the first.
func okStartsOne(ctx context.Context, pool *pgxpool.Pool, ids []int64) bool {
	for _, id := range ids {
		if id%2 == 0 {
			go pool.Exec(ctx, touch, id)
			return true
		}
	}
	return false
}

func okBreaks(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		if id > 0 {
			go pool.Exec(ctx, touch, id)
			break
		}
	}
}

func okOnceInLoop(ctx context.Context, pool *pgxpool.Pool, ids <-chan int64) {
	var once sync.Once
	for id := range ids {
		once.Do(func() {
			go pool.Exec(ctx, "insert into starts values (now())")
		})
		log.Print(id)
	}
}

// B11: small constant bounds.
func okConstant(ctx context.Context, pool *pgxpool.Pool) {
	for range 4 {
		go pool.Exec(ctx, "select refresh()")
	}
}

func okConstantFor(ctx context.Context, pool *pgxpool.Pool) {
	const parts = 8
	var wg sync.WaitGroup
	for i := 0; i < parts; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = pool.Exec(ctx, "delete from logs where id % 8 = $1", i)
		}()
	}
	wg.Wait()
}

// B11: a literal of four elements.
func okLiteral(ctx context.Context, pool *pgxpool.Pool) {
	var wg sync.WaitGroup
	for _, table := range []string{"users", "orders", "items", "events"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = pool.Exec(ctx, "analyze "+table)
		}()
	}
	wg.Wait()
}

func okLiteralMap(ctx context.Context, pool *pgxpool.Pool, users, orders *int) {
	var wg sync.WaitGroup
	for query, dst := range map[string]*int{
		"select count(*) from users":  users,
		"select count(*) from orders": orders,
	} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = pool.QueryRow(ctx, query).Scan(dst)
		}()
	}
	wg.Wait()
}

var regions = [...]string{"eu", "us", "ap"}

var reports = []string{"daily", "weekly", "monthly"} // never written

// B11: the length of a package-level array.
func okPackageArray(ctx context.Context, pool *pgxpool.Pool) {
	for _, region := range regions {
		go pool.Exec(ctx, "call settle($1)", region)
	}
	for i := 0; i < len(regions); i++ {
		go pool.Exec(ctx, "call close_day($1)", regions[i])
	}
}

func okPackageSlice(ctx context.Context, pool *pgxpool.Pool) {
	for _, name := range reports {
		go pool.Exec(ctx, "call report($1)", name)
	}
}

func okArrayParam(ctx context.Context, pool *pgxpool.Pool, names [5]string) {
	for _, name := range names {
		go pool.Exec(ctx, "call report($1)", name)
	}
}

// B11: the break bounds.
func okBreakAt(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for i, id := range ids {
		if i > 5 {
			break
		}
		go pool.Exec(ctx, touch, id)
	}
}

func okFirstFew(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for i := 0; i < len(ids) && i < 3; i++ {
		go pool.Exec(ctx, touch, ids[i])
	}
}

func okSliced(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids[:min(len(ids), 8)] {
		go pool.Exec(ctx, touch, id)
	}
}

// okParam: the number is the caller's decision.
func okParam(ctx context.Context, pool *pgxpool.Pool, workers int) {
	for range workers {
		go func() {
			for ctx.Err() == nil {
				_, _ = pool.Exec(ctx, "call work_one()")
			}
		}()
	}
}

func okNumCPU(ctx context.Context, pool *pgxpool.Pool) {
	var wg sync.WaitGroup
	for i := range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = pool.Exec(ctx, "call work($1)", i)
		}()
	}
	wg.Wait()
}

func okMaxConns(ctx context.Context, pool *pgxpool.Pool) {
	for range pool.Config().MaxConns - 2 {
		go pool.Exec(ctx, "call work_one()")
	}
}

// B7: a goroutine for each pool.
func okPerPool(ctx context.Context, pools []*pgxpool.Pool) {
	var wg sync.WaitGroup
	for _, pool := range pools {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _ = pool.Exec(ctx, "select refresh()")
		}()
	}
	wg.Wait()
}

type shard struct {
	name string
	db   *sql.DB
}

// B7: a goroutine for each shard.
func okPerShard(ctx context.Context, shards []shard) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	counts := make(map[string]int, len(shards))
	for _, s := range shards {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var n int
			if err := s.db.QueryRowContext(ctx, "select count(*) from users").Scan(&n); err != nil {
				return
			}
			mu.Lock()
			counts[s.name] = n
			mu.Unlock()
		}()
	}
	wg.Wait()
	return counts
}

// B7: a goroutine for each tenant's pool.
func okPerTenant(ctx context.Context, tenants map[string]*pgxpool.Pool) {
	for name, pool := range tenants {
		go func() {
			if err := pool.Ping(ctx); err != nil {
				log.Print(name, err)
			}
		}()
	}
}

// B7: pools of their own servers, made for this.
func okOpenShards(ctx context.Context, dsns map[string]string) error {
	errc := make(chan error, len(dsns))
	for name, dsn := range dsns {
		go func() {
			db, err := sql.Open("pgx", dsn)
			if err != nil {
				errc <- err
				return
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			if err := db.PingContext(ctx); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			errc <- err
		}()
	}
	for range dsns {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// B6: the pool grows with what it is to bound the crew.
func okPoolSized(ctx context.Context, db *sql.DB, numWorkers int, jobs <-chan int64) {
	db.SetMaxOpenConns(numWorkers)
	for i := 0; i < numWorkers; i++ {
		go func() {
			for id := range jobs {
				_, _ = db.ExecContext(ctx, touch, id)
			}
		}()
	}
}

// B6, doubled.
func okPoolSizedTwice(ctx context.Context, db *sql.DB, workers int) {
	db.SetMaxOpenConns(workers * 2)
	for range workers {
		go db.ExecContext(ctx, "call work_one()")
	}
}

// B8': sync.Pool is no bound, but this takes nothing from a database pool; what it may lose is a matter for another rule.
func okSyncPool(ctx context.Context, conns *sync.Pool, ids []int64) {
	for _, id := range ids {
		go func() {
			c, _ := conns.Get().(*pgx.Conn)
			if c == nil {
				return
			}
			defer conns.Put(c)
			_, _ = c.Exec(ctx, touch, id)
		}()
	}
}

// okUnknown: nothing is known of the function.
func okUnknown(tasks []func()) {
	for _, task := range tasks {
		go task()
	}
}

// okServe: the server has a goroutine for each request, that is its business.
func okServe(pool *pgxpool.Pool, addrs []string) {
	mux := http.NewServeMux()
	mux.HandleFunc("/touch", func(w http.ResponseWriter, r *http.Request) {
		if _, err := pool.Exec(r.Context(), touch, r.FormValue("id")); err != nil {
			http.Error(w, "database", http.StatusInternalServerError)
		}
	})
	for _, addr := range addrs {
		go http.ListenAndServe(addr, mux)
	}
}

type fetcher struct {
	pool *pgxpool.Pool
	max  int64
	live atomic.Int64
}

// okCounted stops starting at a number that is a field.
func (f *fetcher) okCounted(ctx context.Context, ids []int64) (skipped int) {
	for _, id := range ids {
		if f.live.Load() >= f.max {
			skipped++
			continue
		}
		f.live.Add(1)
		go func() {
			defer f.live.Add(-1)
			_, _ = f.pool.Exec(ctx, touch, id)
		}()
	}
	return skipped
}
