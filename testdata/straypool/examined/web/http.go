// Package web: handlers and middleware that build pools.
package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

type product struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func badListProducts(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL")) // want `sql\.Open runs on each request`
	if err != nil {
		log.Println("open:", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(5)
	rows, err := db.QueryContext(r.Context(), "SELECT id, name FROM products")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var out []product
	for rows.Next() {
		var p product
		if err := rows.Scan(&p.ID, &p.Name); err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		out = append(out, p)
	}
	_ = json.NewEncoder(w).Encode(out)
}

func dbConn() (db *sql.DB) {
	dbDriver := "postgres"
	dbUser, dbPass, dbName := "root", os.Getenv("DB_PASS"), "goblog"
	db, err := sql.Open(dbDriver, "postgres://"+dbUser+":"+dbPass+"@db/"+dbName)
	if err != nil {
		panic(err.Error())
	}
	return db
}

func badTutorialIndex(w http.ResponseWriter, r *http.Request) {
	db := dbConn() // want "dbConn builds a pool on each request"
	selDB, err := db.Query("SELECT id FROM Employee ORDER BY id DESC")
	if err != nil {
		panic(err.Error())
	}
	defer selDB.Close()
	for selDB.Next() {
		var id int
		if err = selDB.Scan(&id); err != nil {
			panic(err.Error())
		}
		fmt.Fprintln(w, id)
	}
	defer db.Close()
}

func badClosureInMux(mux *http.ServeMux, dsn string) {
	mux.HandleFunc("GET /v1/stats", func(w http.ResponseWriter, r *http.Request) {
		pool, err := pgxpool.New(r.Context(), dsn) // want `pgxpool\.New runs on each request`
		if err != nil {
			http.Error(w, "database unavailable", 503)
			return
		}
		defer pool.Close()
		fmt.Fprint(w, pool.Stat().TotalConns())
	})
}

func badHandlerFactoryInner(dsn string) http.HandlerFunc {
	logger := log.New(os.Stderr, "stats ", 0)
	return func(rw http.ResponseWriter, req *http.Request) {
		x, err := sqlx.Connect("postgres", dsn) // want `sqlx\.Connect runs on each request`
		if err != nil {
			logger.Print(err)
			return
		}
		defer func() { _ = x.Close() }()
		var n int
		_ = x.GetContext(req.Context(), &n, "select 1")
	}
}

func badMiddlewarePerRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := dbx.NewPool(r.Context(), os.Getenv("DSN")) // want `dbx\.NewPool builds a pool on each request`
		if err != nil {
			http.Error(w, "no db", http.StatusBadGateway)
			return
		}
		defer p.Close()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ctxKey{}, p)))
	})
}

type ctxKey struct{}

func badStorePerRequest(w http.ResponseWriter, r *http.Request) {
	st, err := dbx.NewStore(r.Context(), os.Getenv("DSN")) // want `dbx\.NewStore builds a pool on each request`
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer st.Close()
	n, err := st.Count(r.Context())
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fmt.Fprintf(w, "%d\n", n)
}

func badOrdersThreeLayers(w http.ResponseWriter, r *http.Request) {
	o, err := svc.NewOrders(r.Context()) // want `svc\.NewOrders builds a pool on each request`
	if err == nil {
		defer o.Close()
		var n int
		if n, err = o.Total(r.Context()); err == nil {
			_, _ = io.WriteString(w, fmt.Sprint(n))
			return
		}
	}
	http.Error(w, err.Error(), 500)
}

func badUserNameFresh(w http.ResponseWriter, r *http.Request) {
	if s, err := svc.UserNameFresh(r.Context(), 7); err != nil { // want `svc\.UserNameFresh builds a pool on each request`
		http.NotFound(w, r)
	} else {
		fmt.Fprint(w, s)
	}
}

func badSseListener(w http.ResponseWriter, r *http.Request) {
	l := pq.NewListener(os.Getenv("DSN"), time.Second, time.Minute, nil) // want `pq\.NewListener runs on each request`
	defer l.Close()
	if err := l.Listen("events"); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fl, _ := w.(http.Flusher)
	for {
		select {
		case n := <-l.Notify:
			fmt.Fprintf(w, "data: %s\n\n", n.Extra)
			if fl != nil {
				fl.Flush()
			}
		case <-r.Context().Done():
			return
		}
	}
}

func badOpenDBFromCfg(w http.ResponseWriter, r *http.Request) {
	cfg, err := pgx.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	db := stdlib.OpenDB(*cfg) // want `stdlib\.OpenDB runs on each request`
	defer db.Close()
	db.SetMaxOpenConns(2)
	if err := db.PingContext(r.Context()); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func badConnectorOpenDB(w http.ResponseWriter, r *http.Request) {
	c, err := pq.NewConnector(os.Getenv("DSN"))
	if err != nil {
		http.Error(w, "bad dsn", 500)
		return
	}
	db := sql.OpenDB(c) // want `sql\.OpenDB runs on each request`
	defer db.Close()
	var v string
	_ = db.QueryRowContext(r.Context(), "show server_version").Scan(&v)
	fmt.Fprint(w, v)
}

func badFuncValueLocal(w http.ResponseWriter, r *http.Request) {
	connect := sql.Open
	db, err := connect("postgres", os.Getenv("DSN")) // want "connect runs on each request"
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer db.Close()
	_ = db.PingContext(r.Context())
}

func badGenericBuild(w http.ResponseWriter, r *http.Request) {
	st, err := dbx.Build(r.Context(), os.Getenv("DSN"), dbx.StoreOver) // want `dbx\.Build builds a pool on each request`
	if err != nil {
		http.Error(w, "x", 500)
		return
	}
	defer st.Close()
	fmt.Fprint(w, st)
}
