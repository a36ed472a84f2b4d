// Package wrappers calls package store. It imports no database library: what it must release it knows from the store only.
package wrappers

import (
	"context"
	"errors"
	"fmt"

	"example.com/poolvet/testdata/lostrelease/store"
)

var errStop = errors.New("stop")

// okRows closes what the store opened.
func okRows(ctx context.Context, s *store.Store) (n int, err error) {
	rows, err := s.OkUsers(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badRows does not.
func badRows(ctx context.Context, s *store.Store) (n int, err error) {
	rows, err := s.OkUsers(ctx) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okRowsPassedOn is a wrapper of the wrapper.
func okRowsPassedOn(ctx context.Context, s *store.Store) (iterator, error) {
	rows, err := s.OkUsersSQL(ctx, 10)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return rows, nil
}

type iterator interface {
	Next() bool
	Scan(dest ...any) error
	Close() error
}

// okSecondLevel closes what came through two wrappers and an interface.
func okSecondLevel(ctx context.Context, s *store.Store) (name string, err error) {
	it, err := okRowsPassedOn(ctx, s)
	if err != nil {
		return "", err
	}
	defer it.Close()
	if it.Next() {
		err = it.Scan(&name)
	}
	return name, err
}

// badSecondLevel does not.
func badSecondLevel(ctx context.Context, s *store.Store) (name string, err error) {
	it, err := okRowsPassedOn(ctx, s) // want "it is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	if it.Next() {
		err = it.Scan(&name)
	}
	return name, err
}

// okRow scans.
func okRow(ctx context.Context, s *store.Store, id int64) (name string, err error) {
	err = s.OkUser(ctx, id).Scan(&id, &name)
	return name, err
}

// badRow asks whether there is one.
func badRow(ctx context.Context, s *store.Store, id int64) bool {
	row := s.OkUser(ctx, id) // want "row is never scanned"
	return row != nil
}

// okTx ends it.
func okTx(ctx context.Context, s *store.Store) error {
	tx, err := s.OkBegin(ctx, "acme")
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badTx ends it on success.
func badTx(ctx context.Context, s *store.Store) error {
	tx, err := s.OkBegin(ctx, "acme") // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badTxAsInterface has the store's interface of a transaction.
func badTxAsInterface(ctx context.Context, s *store.Store) error {
	tx, err := s.OkBeginIface(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return tx.Commit(ctx)
}

// okTxAsInterface ends it.
func okTxAsInterface(ctx context.Context, s *store.Store) (err error) {
	tx, err := s.OkBeginIface(ctx)
	if err != nil {
		return err
	}
	defer func() { err = finish(ctx, tx, err) }()
	_, err = tx.Exec(ctx, "delete from sessions")
	return err
}

func finish(ctx context.Context, tx store.Tx, err error) error {
	if err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// okConn releases.
func okConn(ctx context.Context, s *store.Store) error {
	conn, err := s.OkConn(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// badConn does not.
func badConn(ctx context.Context, s *store.Store) error {
	conn, err := s.OkConn(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// okTryConn has a connection only when ok is true.
func okTryConn(ctx context.Context, s *store.Store) error {
	conn, ok, err := s.OkTryConn(ctx, 1)
	if err != nil || !ok {
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// badTryConn has one and loses it.
func badTryConn(ctx context.Context, s *store.Store) error {
	conn, ok, err := s.OkTryConn(ctx, 1) // want "conn is not released"
	if err != nil {
		return err
	}
	if ok {
		if err := conn.Ping(ctx); err != nil {
			return err
		}
		conn.Release()
	}
	return nil
}

// okRunners give the work to functions that release.
func okRunners(ctx context.Context, s *store.Store) error {
	if err := s.OkEachUser(ctx, func(id int64, _ string) error {
		if id > 10 {
			return errStop
		}
		return nil
	}); err != nil && !errors.Is(err, errStop) {
		return err
	}
	return nil
}

// okOpener closes what the returned function opens.
func okOpener(ctx context.Context, s *store.Store) (n int, err error) {
	open := s.OkOpener("select 1")
	rows, err := open(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okCursor closes the wrapper type.
func okCursor(ctx context.Context, s *store.Store) (string, error) {
	c, err := s.OkCursor(ctx, "select name from users")
	if err != nil {
		return "", err
	}
	defer c.Close()
	name, _, err := c.Next()
	return name, err
}

// badCursor forgets it.
func badCursor(ctx context.Context, s *store.Store) (string, error) {
	c, err := s.OkCursor(ctx, "select name from users") // want "c is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	name, _, err := c.Next()
	return name, err
}

// badCursorEarlyReturn closes it when there is a name.
func badCursorEarlyReturn(ctx context.Context, s *store.Store) (string, error) {
	c, err := s.OkCursor(ctx, "select name from users") // want "c is not closed"
	if err != nil {
		return "", err
	}
	name, ok, err := c.Next()
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errStop
	}
	if name == "" {
		return "", errors.New("empty")
	}
	c.Close()
	return name, nil
}

// okListener stops it.
func okListener(ctx context.Context, s *store.Store) (string, error) {
	l, err := s.OkListen(ctx, "jobs")
	if err != nil {
		return "", err
	}
	defer l.Stop()
	return l.Wait(ctx)
}

// badListener forgets it.
func badListener(ctx context.Context, s *store.Store) (string, error) {
	l, err := s.OkListen(ctx, "jobs") // want "l is n"
	if err != nil {
		return "", err
	}
	return l.Wait(ctx)
}

// okUnit ends the unit of work with its error.
func okUnit(ctx context.Context, s *store.Store) error {
	u, err := s.OkUnit(ctx)
	if err != nil {
		return err
	}
	return u.Done(u.Exec(ctx, "delete from sessions"))
}

// badUnit forgets it on the error path.
func badUnit(ctx context.Context, s *store.Store) error {
	u, err := s.OkUnit(ctx) // want "u is n"
	if err != nil {
		return err
	}
	if err := u.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return u.Done(nil)
}

// okStream closes through the interface.
func okStream(ctx context.Context, s *store.Store) bool {
	stream, err := s.OkStream(ctx)
	if err != nil {
		return false
	}
	defer stream.Close()
	return stream.Next()
}

// badStream does not.
func badStream(ctx context.Context, s *store.Store) bool {
	stream, err := s.OkStream(ctx) // want "stream is n(ot|ever) closed"
	if err != nil {
		return false
	}
	return stream.Next()
}

// okResult closes the field of the result.
func okResult(ctx context.Context, s *store.Store) (int, error) {
	res, err := s.OkResult(ctx, "select * from users")
	if err != nil {
		return 0, err
	}
	defer res.Rows.Close()
	return len(res.Columns), nil
}

// badResult reads the columns and forgets the rows.
func badResult(ctx context.Context, s *store.Store) (int, error) {
	res, err := s.OkResult(ctx, "select * from users") // want "res(\\.Rows)? is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	return len(res.Columns), nil
}
