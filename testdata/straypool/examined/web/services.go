package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type Mailer interface{ Send(to string) error }

type Signup struct {
	dsn  string
	mail Mailer
}

func (s *Signup) save(ctx context.Context, email string) (err error) {
	var c *pgx.Conn
	if c, err = pgx.Connect(ctx, s.dsn); err != nil {
		return
	}
	defer func() {
		if cerr := c.Close(ctx); err == nil {
			err = cerr
		}
	}()
	_, err = c.Exec(ctx, "insert into signups values ($1)", email)
	return
}

func (s *Signup) register(ctx context.Context, email string) error {
	if err := s.save(ctx, email); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	return s.mail.Send(email)
}

func (s *Signup) badSignupSubmit(w http.ResponseWriter, r *http.Request) {
	if err := s.register(r.Context(), r.FormValue("email")); err != nil { // want `s\.register builds a connection of its own on each request`
		http.Error(w, "try later", 500)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

type checker interface{ Check(context.Context) error }

type pgCheck struct{ url string }

func (p pgCheck) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	return c.Ping(ctx)
}

type diskCheck struct{}

func (diskCheck) Check(context.Context) error { _, err := os.Stat("/data"); return err }

func badHealthLoop(url string) http.Handler {
	checks := []checker{pgCheck{url}, diskCheck{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, c := range checks {
			if err := c.Check(r.Context()); err != nil { // want `c\.Check may build a connection of its own on each request`
				http.Error(w, err.Error(), 503)
				return
			}
		}
		_, _ = w.Write([]byte("ok"))
	})
}

func badReadyz(w http.ResponseWriter, _ *http.Request) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL")) // want `sql\.Open runs on each request`
	if err == nil {
		err = db.Ping()
		db.Close()
	}
	if err != nil {
		w.WriteHeader(500)
	}
}

func pingRaw(ctx context.Context) bool {
	c, err := pgconn.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return false
	}
	return c.Close(ctx) == nil
}

func badLivezRaw(w http.ResponseWriter, r *http.Request) {
	if !pingRaw(r.Context()) { // want "pingRaw builds a connection of its own on each request"
		w.WriteHeader(503)
	}
}

func badManagerMethod(m *dbx.Manager) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, err := m.Open(r.Context()) // want `m\.Open builds a pool on each request`
		if err != nil {
			w.WriteHeader(500)
			return
		}
		defer h.Close()
		var ids []int
		if err := h.SelectContext(r.Context(), &ids, "select id from a"); err != nil {
			w.WriteHeader(500)
		}
	}
}

// badRouteTable is a table of handlers.
func badRouteTable() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/a": func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "a") },
		"/b": func(w http.ResponseWriter, r *http.Request) {
			db := dbx.MustOpen("host=db user=b") // want `dbx\.MustOpen builds a pool on each request`
			defer db.Close()
			_ = db.PingContext(r.Context())
		},
	}
}

// jsonHandler calls fn on each request.
func jsonHandler[In, Out any](fn func(context.Context, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		out, err := fn(r.Context(), in)
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		_ = json.NewEncoder(w).Encode(out)
	}
}

type nameIn struct{ ID int }
type nameOut struct{ Name string }

func lookupName(ctx context.Context, in nameIn) (nameOut, error) {
	c, err := pgx.Connect(ctx, os.Getenv("DSN"))
	if err != nil {
		return nameOut{}, err
	}
	defer c.Close(ctx)
	var o nameOut
	err = c.QueryRow(ctx, "select name from u where id=$1", in.ID).Scan(&o.Name)
	return o, err
}

func badGenericAdapter(mux *http.ServeMux) {
	mux.Handle("POST /name", jsonHandler(lookupName)) // want "builds a connection of its own on each request"
}

// appHandler is a handler that returns an error.
type appHandler func(http.ResponseWriter, *http.Request) error

func (fn appHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := fn(w, r); err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func badAppHandler(w http.ResponseWriter, r *http.Request) error {
	pool, err := pgxpool.New(r.Context(), os.Getenv("DSN")) // want `pgxpool\.New runs on each request`
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(r.Context(), "delete from carts where id=$1", r.PathValue("id"))
	return err
}

func registerCarts(mux *http.ServeMux) { mux.Handle("/carts/{id}", appHandler(badAppHandler)) }

// badGoFromHandler leaves work in the background.
func badGoFromHandler(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		db, err := sqlx.ConnectContext(ctx, "pgx", os.Getenv("DSN")) // want `sqlx\.ConnectContext runs on each request`
		if err != nil {
			log.Print(err)
			return
		}
		defer db.Close()
		db.MustExecContext(ctx, "update users set seen=now() where name=$1", user)
	}()
	w.WriteHeader(http.StatusAccepted)
}

func routeReport(mux *http.ServeMux, dsn string) {
	rp := &reporter{dsn: dsn}
	mux.HandleFunc("/report", rp.badServe)
}

type reporter struct{ dsn string }

func (rp *reporter) badServe(w http.ResponseWriter, r *http.Request) {
	db := rp.handle() // want `rp\.handle builds a pool on each request`
	defer db.Close()
	_ = db.PingContext(r.Context())
}

func (rp *reporter) handle() *sqlx.DB { return sqlx.MustConnect("postgres", rp.dsn) }
