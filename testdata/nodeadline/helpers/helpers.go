// Package helpers: the connection is taken by a function of the program.
package helpers

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/nodeadline/helpers/store"
)

func load(ctx context.Context, pool *pgxpool.Pool, id int) (name string, err error) {
	err = pool.QueryRow(ctx, "select name from t where id = $1", id).Scan(&name)
	return name, err
}

func loadTwice(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	ctx = context.WithValue(ctx, "k", 1)
	return load(ctx, pool, 2)
}

func loadSoon(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return load(ctx, pool, 2)
}

func loadInTx(ctx context.Context, tx pgx.Tx) (name string, err error) {
	err = tx.QueryRow(ctx, "select name from t").Scan(&name)
	return name, err
}

func badHelper(pool *pgxpool.Pool) (string, error) {
	return load(context.Background(), pool, 1) // want `^context\.Background\(\) has no deadline: load waits for a connection for ever when the pool is exhausted \(Pool\.QueryRow at helpers\.go:17\); use context\.WithTimeout$`
}

func badChain(pool *pgxpool.Pool) (string, error) {
	return loadTwice(context.Background(), pool) // want `^context\.Background\(\) has no deadline: loadTwice waits .* \(Pool\.QueryRow at helpers\.go:17 through load\)`
}

func badHelperInScope(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) {
	ctx := context.Background()
	load(ctx, pool, 1) // want `^ctx has no deadline \(context\.Background\(\) at L\d+\), and r\.Context\(\) is in scope: load waits .*; pass r\.Context\(\)$`
}

func badOtherPackage(s *store.Store) (int, error) {
	return s.Count(context.Background()) // want `^context\.Background\(\) has no deadline: s\.Count waits .* \(Pool\.QueryRow at store\.go:24 through s\.count\)`
}

func badNewStore(pool *pgxpool.Pool) (int, error) {
	return store.New(pool).Count(context.TODO()) // want `^context\.TODO\(\) has no deadline: Count waits`
}

func badInterface(c store.Counter) (int, error) {
	return c.Count(context.Background()) // want `^context\.Background\(\) has no deadline: c\.Count waits .* \(Pool\.QueryRow at store\.go:24 through s\.count, in one of the implementations\)`
}

func badGivenPool(db *sql.DB) (string, error) {
	return store.Name(db, 1) // want `^store\.Name waits for a connection for ever when the pool is exhausted \(Queryer\.QueryRow at store\.go:\d+ has no deadline\); give it a context with one$`
}

func inCallback(ctx context.Context, run func(context.Context) error) error { return run(ctx) }

func badCallback(ctx context.Context, pool *pgxpool.Pool) error {
	return inCallback(ctx, func(ctx context.Context) error {
		_, err := load(context.Background(), pool, 1) // want `and ctx is in scope: load waits .*; pass ctx$`
		return err
	})
}

func okHelper(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	return load(ctx, pool, 1)
}

func okOwnTimeout(pool *pgxpool.Pool) (string, error) {
	return loadSoon(context.Background(), pool)
}

func okOwnTimeoutElsewhere(s *store.Store) (int, error) {
	return s.CountSoon(context.Background())
}

func okTx(tx pgx.Tx) (string, error) {
	return loadInTx(context.Background(), tx)
}

func okGivenTx(tx *sql.Tx) (string, error) {
	return store.Name(tx, 1)
}

func okWorker(s *store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.Watch(ctx)
}

func okStarts(s *store.Store) {
	s.Start(context.Background())
}

func okMemory(s *store.Store) int {
	return s.Memory(context.Background())
}

func okCallback(pool *pgxpool.Pool) error {
	return inCallback(context.Background(), func(ctx context.Context) error {
		_, err := load(ctx, pool, 1)
		return err
	})
}

// Users has generated queries on a pool.
type Users struct {
	q  *store.Queries
	db *sql.DB
}

func (u *Users) badQueries(ctx context.Context, id int) (string, error) {
	return u.q.UserName(context.Background(), id) // want `and ctx is in scope: q\.UserName waits .* \(DBTX\.QueryRowContext at store\.go:\d+\); pass ctx$`
}

func (u *Users) badNewQueries(id int) (string, error) {
	return store.NewQueries(u.db).UserName(context.Background(), id) // want `UserName waits`
}

func (u *Users) okQueriesOfTx(tx *sql.Tx, id int) (string, error) {
	if name, err := store.NewQueries(tx).UserName(context.Background(), id); err == nil {
		return name, nil
	}
	return u.q.WithTx(tx).UserName(context.Background(), id)
}

// The queries that it is given may be those of a transaction.
func okGivenQueries(q *store.Queries, id int) (string, error) {
	return q.UserName(context.Background(), id)
}

func (u *Users) okInTx(ctx context.Context, id int) error {
	return store.InTx(ctx, u.db, func(q *store.Queries) error {
		_, err := q.UserName(context.Background(), id)
		return err
	})
}

func (u *Users) badInTx(id int) error {
	return store.InTx(context.Background(), u.db, func(q *store.Queries) error { // want `store\.InTx waits .* \(DB\.BeginTx at store\.go:\d+\)`
		_, err := q.UserName(context.Background(), id)
		return err
	})
}

func inUnit(ctx context.Context, run func(c store.Counter) error) error { return run(nil) }

func okUnitOfWork(ctx context.Context) error {
	return inUnit(ctx, func(c store.Counter) error {
		_, err := c.Count(context.Background())
		return err
	})
}
