// Package chainapp: hot places whose constructor is in another package.
package chainapp

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/robfig/cron/v3"

	"example.com/poolvet/testdata/straypool/chainapp/internal/db"
	"example.com/poolvet/testdata/straypool/chainapp/internal/svc"
)

var config = db.Config{URL: "postgres://app@db/app", Max: 4}

func badNew(w http.ResponseWriter, r *http.Request) {
	pool, err := db.New(r.Context(), config) // want `db\.New builds a pool on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer pool.Close()
	_ = pool.Ping(r.Context())
}

func badMust(w http.ResponseWriter, r *http.Request) {
	pool := db.MustNew(r.Context(), config) // want `db\.MustNew builds a pool on each request`
	defer pool.Close()
	_ = pool.Ping(r.Context())
}

// badMustGeneric builds by the call inside; the generic function only unwraps.
func badMustGeneric(w http.ResponseWriter, r *http.Request) {
	pool := db.Must(db.New(r.Context(), config)) // want `db\.New builds a pool on each request`
	defer pool.Close()
	_ = pool.Ping(r.Context())
}

// okMustGeneric unwraps something else.
func okMustGeneric(w http.ResponseWriter, r *http.Request) {
	d := db.Must(time.ParseDuration(r.FormValue("d")))
	fmt.Fprintln(w, d)
}

func badExec(w http.ResponseWriter, r *http.Request) {
	if err := db.Exec(r.Context(), config, "insert into hits default values"); err != nil { // want `db\.Exec builds a pool on each request`
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// okExecOnce is a command.
func okExecOnce(ctx context.Context) error { return db.Exec(ctx, config, "vacuum") }

// badExecLoop has it per element.
func badExecLoop(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		if err := db.Exec(ctx, config, "delete from hits where id = $1", id); err != nil { // want `db\.Exec builds a pool in a loop`
			return err
		}
	}
	return nil
}

// badWith is a generic helper with a callback.
func badWith(w http.ResponseWriter, r *http.Request) {
	n, err := db.With(r.Context(), config.URL, func(ctx context.Context, conn *pgx.Conn) (n int, err error) { // want `db\.With builds a connection of its own on each request`
		err = conn.QueryRow(ctx, "select count(*) from hits").Scan(&n)
		return n, err
	})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, n)
}

// okOn is the same helper over a pool.
func okOn(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, err := db.On(r.Context(), pool, func(ctx context.Context, conn *pgxpool.Conn) (n int, err error) {
			err = conn.QueryRow(ctx, "select count(*) from hits").Scan(&n)
			return n, err
		})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, n)
	}
}

// okShared and badOpen differ in another package only.
func okShared(w http.ResponseWriter, r *http.Request) {
	d, err := db.Shared()
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = d.PingContext(r.Context())
}

func badOpen(w http.ResponseWriter, r *http.Request) {
	d, err := db.Open() // want `db\.Open builds a pool on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer d.Close()
	_ = d.PingContext(r.Context())
}

type api struct {
	orders svc.Orders
	users  svc.Users
}

// badCancel goes through an interface whose only implementation builds per call.
func (a *api) badCancel(w http.ResponseWriter, r *http.Request) {
	if err := a.orders.Cancel(r.Context(), 1); err != nil { // want `orders\.Cancel builds a pool on each request`
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// badCount is the same with a result.
func (a *api) badCount(w http.ResponseWriter, r *http.Request) {
	n, err := a.orders.Count(r.Context()) // want `orders\.Count builds a pool on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, n)
}

// okRename goes through an interface whose only implementation has a pool.
func (a *api) okRename(w http.ResponseWriter, r *http.Request) {
	if err := a.users.Rename(r.Context(), 1, r.FormValue("name")); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// okNewAPI is the wiring.
func okNewAPI(ctx context.Context) (*api, error) {
	users, err := svc.NewPooled(ctx, config)
	if err != nil {
		return nil, err
	}
	return &api{orders: svc.PerCall{Config: config}, users: users}, nil
}

// badStructConstructor makes the service, and with it the pool, per request.
func badStructConstructor(w http.ResponseWriter, r *http.Request) {
	users, err := svc.NewPooled(r.Context(), config) // want `svc\.NewPooled builds a pool on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer users.Close()
	_ = users.Rename(r.Context(), 1, "x")
}

// okStructOnPool makes the service per request over the shared pool.
func okStructOnPool(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = svc.NewOn(pool).Rename(r.Context(), 1, r.FormValue("name"))
	}
}

// badTwoPackages has a chain through svc and db.
func badTwoPackages(w http.ResponseWriter, r *http.Request) {
	if err := svc.Warm(r.Context(), config); err != nil { // want `svc\.Warm builds a pool on each request`
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// badCron registers a literal that reaches db.Exec.
func badCron(c *cron.Cron) {
	_, err := c.AddFunc("@midnight", func() {
		if err := svc.Warm(context.Background(), config); err != nil { // want `svc\.Warm builds a pool on each tick`
			log.Print(err)
		}
	})
	if err != nil {
		log.Fatal(err)
	}
}

// okWarmAtStart calls it once.
func okWarmAtStart(ctx context.Context) error { return svc.Warm(ctx, config) }

// badGoroutines starts one for each address.
func badGoroutines(ctx context.Context, queries []string) {
	for _, q := range queries {
		go db.Exec(ctx, config, q) // want `db\.Exec builds a pool in each goroutine`
	}
}

// okRetry calls the constructor of the other package until it works.
func okRetry(ctx context.Context) (*pgxpool.Pool, error) {
	var last error
	for range 5 {
		pool, err := db.New(ctx, config)
		if err == nil {
			return pool, nil
		}
		last = err
		time.Sleep(time.Second)
	}
	return nil, last
}
