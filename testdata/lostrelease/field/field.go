// Package field: correct code in the forms that programs in use give it. Nothing here loses anything.
package field

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A Step is one change of the schema.
type Step struct {
	Name       string
	Statements []string
	Alone      bool // it must not run in a transaction
}

func (s *Step) optOut() bool { return s.Alone }

// okUpgrade runs each step in a transaction, except where that is switched off: the flag that decides on Begin decides on Commit.
func okUpgrade(ctx context.Context, db *sql.DB, steps []*Step, disable bool) error {
	for _, m := range steps {
		useTx := !disable && !m.optOut()

		var (
			tx  *sql.Tx
			err error
		)
		run := db.ExecContext
		if useTx {
			tx, err = db.BeginTx(ctx, nil)
			if err != nil {
				return fmt.Errorf("step %s: %w", m.Name, err)
			}
			defer tx.Rollback()
			run = tx.ExecContext
		}
		for _, q := range m.Statements {
			if _, err := run(ctx, q); err != nil {
				return fmt.Errorf("step %s: %w", m.Name, err)
			}
		}
		if useTx {
			if err := tx.Commit(); err != nil {
				return fmt.Errorf("step %s: %w", m.Name, err)
			}
		}
	}
	return nil
}

const perCommit = 500

// okImport writes in portions: a transaction is open exactly when the counter is not 0.
func okImport(ctx context.Context, db *sql.DB, readings <-chan float64) (err error) {
	var tx *sql.Tx
	pending := 0
	for r := range readings {
		if pending == 0 {
			if tx, err = db.BeginTx(ctx, nil); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "insert into readings (value) values ($1)", r); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		pending++
		if pending == perCommit {
			if err := tx.Commit(); err != nil {
				return err
			}
			pending = 0
		}
	}
	if pending == 0 {
		return nil
	}
	return tx.Commit()
}

// A Scope is what a service sees of a transaction.
type Scope interface {
	Run(ctx context.Context, q string) error
	Commit() error
	Rollback() error
}

var errEnded = errors.New("the transaction has ended")

// session holds the transaction itself, audited adds the log of what was done; both know whether they have ended.
type session struct {
	tx     *sql.Tx
	closed bool
}

func (s *session) Run(ctx context.Context, q string) error {
	_, err := s.tx.ExecContext(ctx, q)
	return err
}

func (s *session) Commit() error {
	if s.closed {
		return errEnded
	}
	s.closed = true
	return s.tx.Commit()
}

func (s *session) Rollback() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.tx.Rollback()
}

type audited struct {
	inner  *session
	done   []string
	closed bool
}

func (a *audited) Run(ctx context.Context, q string) error {
	a.done = append(a.done, q)
	return a.inner.Run(ctx, q)
}

func (a *audited) Commit() error {
	if a.closed {
		return errEnded
	}
	a.closed = true
	return a.inner.Commit()
}

func (a *audited) Rollback() error {
	if a.closed {
		return nil
	}
	a.closed = true
	return a.inner.Rollback()
}

func beginSession(ctx context.Context, db *sql.DB) (*session, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &session{tx: tx}, nil
}

func beginScope(ctx context.Context, db *sql.DB) (Scope, error) {
	s, err := beginSession(ctx, db)
	if err != nil {
		return nil, err
	}
	return &audited{inner: s}, nil
}

func abandon(s Scope, err *error) {
	if e := s.Rollback(); e != nil {
		*err = errors.Join(*err, e)
	}
}

// okScoped rolls back through a helper that knows the interface only.
func okScoped(ctx context.Context, db *sql.DB) (err error) {
	scope, err := beginScope(ctx, db)
	if err != nil {
		return err
	}
	defer abandon(scope, &err)

	if err := scope.Run(ctx, "update stock set reserved = reserved + 1"); err != nil {
		return err
	}
	return scope.Commit()
}

// A Writer lets one write happen at a time; it begins a transaction where the caller has none, and ends the one that it began.
type Writer interface {
	Do(db *sql.DB, tx *sql.Tx, f func(tx *sql.Tx) error) error
}

// SerialWriter is the Writer for a database that takes one writer.
type SerialWriter struct{ mu sync.Mutex }

// Do calls f with tx, or with a transaction of its own.
func (w *SerialWriter) Do(db *sql.DB, tx *sql.Tx, f func(tx *sql.Tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if tx != nil {
		return f(tx)
	}
	own, err := db.Begin()
	if err != nil {
		return err
	}
	if err := f(own); err != nil {
		return errors.Join(err, own.Rollback())
	}
	return own.Commit()
}

// An Update collects the changes of a room.
type Update struct {
	tx   *sql.Tx
	room int64
}

// A Ledger has the rooms.
type Ledger struct {
	db     *sql.DB
	writer Writer
}

// okUpdater returns an object that knows the transaction of the writer, which ends it.
func (l *Ledger) okUpdater(ctx context.Context, tx *sql.Tx, name string) (*Update, error) {
	u := &Update{}
	err := l.writer.Do(l.db, tx, func(tx *sql.Tx) error {
		u.tx = tx
		return tx.QueryRowContext(ctx, "select id from rooms where name = $1", name).Scan(&u.room)
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

// okNames leaves its rows open when a row cannot be read: the caller then ends the transaction, which closes them.
func okNames(ctx context.Context, tx *sql.Tx) ([]string, error) {
	rows, err := tx.QueryContext(ctx, "select name from rooms")
	if err != nil {
		return nil, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// okOccupy holds more and more connections until it is told to stop, and then gives all of them back.
func okOccupy(ctx context.Context, db *sql.DB, every time.Duration, stop <-chan struct{}) {
	go func() {
		var held []*sql.Conn
		ticker := time.NewTicker(every)
		defer ticker.Stop()
	occupy:
		for {
			select {
			case <-stop:
				break occupy
			case <-ticker.C:
				conn, err := db.Conn(ctx)
				if err != nil {
					break occupy
				}
				held = append(held, conn)
			}
		}
		for _, conn := range held {
			_ = conn.Close()
		}
	}()
}

// A Unit is the work of one request. It is begun and ended by the middleware.
type Unit interface {
	Tx() *sql.Tx
}

// okRename works in the transaction of the unit, which is not its own.
func okRename(ctx context.Context, unit Unit, id int64, name string) error {
	tx := unit.Tx()
	if tx == nil {
		return errors.New("rename: no transaction")
	}
	_, err := tx.ExecContext(ctx, "update rooms set name = $2 where id = $1", id, name)
	return err
}

// A Preparer keeps the statements that it has prepared, unless the database is behind a pooler that forgets them.
type Preparer struct {
	db    *sql.DB
	keep  bool
	mu    sync.Mutex
	known map[string]*sql.Stmt
}

// okPrepare returns the statement in any case; what is kept is closed by Close, what is not by the caller.
func (p *Preparer) okPrepare(ctx context.Context, q string) (*sql.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keep {
		if st, ok := p.known[q]; ok {
			return st, nil
		}
	}
	st, err := p.db.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	if p.keep {
		p.known[q] = st
	}
	return st, nil
}

// okCount closes the statement where it is not kept.
func (p *Preparer) okCount(ctx context.Context) (n int, err error) {
	st, err := p.okPrepare(ctx, "select count(*) from rooms")
	if err != nil {
		return 0, err
	}
	if !p.keep {
		defer st.Close()
	}
	err = st.QueryRowContext(ctx).Scan(&n)
	return n, err
}

// Close closes what is kept.
func (p *Preparer) Close() (err error) {
	for _, st := range p.known {
		err = errors.Join(err, st.Close())
	}
	return err
}

// okTotal asks for the error of the rows first and closes them then: where Next has returned false they are closed already.
func okTotal(ctx context.Context, db *sql.DB) (sum int64, err error) {
	rows, err := db.QueryContext(ctx, "select amount from payments")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		var amount int64
		if err := rows.Scan(&amount); err != nil {
			return 0, errors.Join(err, rows.Close())
		}
		sum += amount
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	if err := rows.Close(); err != nil {
		return 0, err
	}
	return sum, nil
}

// A Subscriber has a connection of its own, on which it is told of changes.
type Subscriber struct {
	conn *pgx.Conn
	seen chan string
}

// okSubscribe keeps the connection in the struct that the connection's callback writes to.
func okSubscribe(ctx context.Context, config *pgx.ConnConfig, channel string) (*Subscriber, error) {
	s := &Subscriber{seen: make(chan string, 16)}
	own := config.Copy()
	own.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { s.seen <- n.Payload }

	var err error
	if s.conn, err = pgx.ConnectConfig(ctx, own); err != nil {
		return nil, err
	}
	if _, err := s.conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return nil, errors.Join(err, s.conn.Close(ctx))
	}
	return s, nil
}

// Close ends the subscription.
func (s *Subscriber) Close(ctx context.Context) error { return s.conn.Close(ctx) }
