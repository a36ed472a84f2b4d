// Package escape: holders that are kept by somebody else than the function that took them, and structs that are nobody else.
package escape

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var (
	shared  *pgxpool.Conn
	byShard = map[int]*pgxpool.Conn{}
)

// Manager keeps what it takes.
type Manager struct {
	pool  *pgxpool.Pool
	mu    sync.Mutex
	conns []*pgxpool.Conn
	txs   map[string]pgx.Tx
	open  sync.Map
	done  func()
}

// okGlobal keeps it in a variable of the package.
func okGlobal(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	shared = conn
	return nil
}

// okGlobalMap keeps it in a map of the package.
func okGlobalMap(ctx context.Context, pool *pgxpool.Pool, shard int) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	byShard[shard] = conn
	return conn.Ping(ctx)
}

// okSlice keeps it in a slice of its owner.
func (m *Manager) okSlice(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns = append(m.conns, conn)
	return nil
}

// okMap keeps a transaction under a name.
func (m *Manager) okMap(ctx context.Context, id string) error {
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin %s: %w", id, err)
	}
	m.mu.Lock()
	m.txs[id] = tx
	m.mu.Unlock()
	return nil
}

// okSyncMap keeps rows under one.
func (m *Manager) okSyncMap(ctx context.Context, id string) error {
	rows, err := m.pool.Query(ctx, listNames)
	if err != nil {
		return err
	}
	m.open.Store(id, rows)
	return nil
}

// okReleaseKept keeps the release and not the connection.
func (m *Manager) okReleaseKept(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	m.done = conn.Release
	_, err = conn.Exec(ctx, "listen jobs")
	return err
}

// okFinishMap ends a transaction it was told the name of.
func (m *Manager) okFinishMap(ctx context.Context, id string) error {
	m.mu.Lock()
	tx, ok := m.txs[id]
	delete(m.txs, id)
	m.mu.Unlock()
	if !ok {
		return errors.New("unknown transaction")
	}
	return tx.Commit(ctx)
}

// badKeptOnOnePath keeps it or forgets it.
func (m *Manager) badKeptOnOnePath(ctx context.Context, keep bool) error {
	conn, err := m.pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if keep {
		m.mu.Lock()
		m.conns = append(m.conns, conn)
		m.mu.Unlock()
		return nil
	}
	return conn.Ping(ctx)
}

// okOutParameter writes it where the caller said.
func okOutParameter(ctx context.Context, db *sql.DB, out **sql.Rows) error {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return err
	}
	*out = rows
	return nil
}

type contextKey struct{}

// okInContext gives the transaction to what is below, and ends it.
func okInContext(ctx context.Context, pool *pgxpool.Pool, next func(context.Context) error) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := next(context.WithValue(ctx, contextKey{}, tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okFromContext uses the transaction of the caller.
func okFromContext(ctx context.Context) error {
	tx, ok := ctx.Value(contextKey{}).(pgx.Tx)
	if !ok {
		return errors.New("no transaction")
	}
	_, err := tx.Exec(ctx, "select 1")
	return err
}

// reader has rows and no way to close them but its field.
type reader struct {
	rows pgx.Rows
	n    int
}

// okLocalStruct closes through the field.
func okLocalStruct(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	r := reader{rows: rows}
	defer r.rows.Close()
	return r.rows.Next(), r.rows.Err()
}

// badLocalStruct keeps them in a struct that ends with the function.
func badLocalStruct(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	r := &reader{rows: rows}
	return r.rows.Next(), r.rows.Err()
}

// okFieldFirst acquires straight into the field.
func okFieldFirst(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	var r reader
	if r.rows, err = pool.Query(ctx, listNames); err != nil {
		return 0, err
	}
	defer r.rows.Close()
	if r.rows.Next() {
		r.n++
	}
	return r.n, nil
}

// okStructReturned gives the struct away.
func okStructReturned(ctx context.Context, pool *pgxpool.Pool) (r reader, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return reader{}, err
	}
	r.rows = rows
	return r, nil
}

// badStructOnOnePath gives it away on success, and loses it when the setting fails.
func badStructOnOnePath(ctx context.Context, pool *pgxpool.Pool) (*session, error) {
	conn, err := pool.Acquire(ctx) // want "(conn|s) is not"
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn}
	if err := s.configure(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// okStructOnEachPath ends it through the struct.
func okStructOnEachPath(ctx context.Context, pool *pgxpool.Pool) (*session, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn}
	if err := s.configure(ctx); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

type session struct{ conn *pgxpool.Conn }

func (s *session) configure(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "set search_path to app")
	return err
}

func (s *session) end() { s.conn.Release() }

// okNewSession uses okStructOnEachPath and ends what it gets.
func okNewSession(ctx context.Context, pool *pgxpool.Pool) error {
	s, err := okStructOnEachPath(ctx, pool)
	if err != nil {
		return err
	}
	defer s.end()
	return s.conn.Ping(ctx)
}

// worker owns a connection and gives it back when it stops.
type worker struct {
	pool *pgxpool.Pool
	conn *pgxpool.Conn
}

// okStart keeps it in the receiver, whose type has a stop.
func (w *worker) okStart(ctx context.Context) error {
	conn, err := w.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	w.conn = conn
	if _, err := conn.Exec(ctx, "listen jobs"); err != nil {
		w.stop()
		return err
	}
	return nil
}

func (w *worker) stop() {
	if w.conn != nil {
		w.conn.Release()
		w.conn = nil
	}
}

// okRun starts and stops.
func (w *worker) okRun(ctx context.Context) error {
	if err := w.okStart(ctx); err != nil {
		return err
	}
	defer w.stop()
	<-ctx.Done()
	return ctx.Err()
}
