package tx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

type Ledger struct {
	db  *sql.DB
	now func() int64
}

type Entry struct {
	Account string
	Amount  int64
}

func (l *Ledger) BadPost(ctx context.Context, entries []Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, e := range entries {
		var known bool
		err := l.db.QueryRowContext(ctx, "select exists (select from accounts where name = $1)", e.Account).Scan(&known) // want `second connection while tx holds one`
		if err != nil {
			return err
		}
		if !known {
			return fmt.Errorf("no account %s", e.Account)
		}
		if _, err := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now()); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (l *Ledger) BadNoContext(entry Entry) (err error) {
	tx, err := l.db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err = tx.Exec("insert into entries values ($1, $2, $3)", entry.Account, entry.Amount, l.now()); err != nil {
		return err
	}
	if _, err = l.db.Exec("update totals set amount = amount + $1", entry.Amount); err != nil { // want `db\.Exec may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// BadSwitch asks the pool in one of the cases.
func (l *Ledger) BadSwitch(ctx context.Context, kind string, e Entry) error {
	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var n int
	switch kind {
	case "total":
		err = tx.QueryRowContext(ctx, "select count(*) from entries").Scan(&n)
	case "account":
		err = l.db.QueryRowContext(ctx, "select count(*) from entries where account = $1", e.Account).Scan(&n) // want `second connection while tx holds one`
	default:
		err = errors.ErrUnsupported
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func (l *Ledger) BadPing(ctx context.Context) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return l.db.PingContext(ctx) // want `second connection while tx holds one`
}

// BadLoadAfter re-reads the row while the transaction that wrote it is still open.
func (l *Ledger) BadLoadAfter(ctx context.Context, e Entry) (total int64, err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
			return
		}
		err = tx.Commit()
	}()
	if _, err = tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now()); err != nil {
		return 0, err
	}
	row := l.db.QueryRowContext(ctx, "select sum(amount) from entries where account = $1", e.Account) // want `second connection while tx holds one`
	err = row.Scan(&total)
	return total, err
}

func (l *Ledger) OkPost(ctx context.Context, entries []Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, e := range entries {
		var known bool
		if err := tx.QueryRowContext(ctx, "select exists (select from accounts where name = $1)", e.Account).Scan(&known); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now()); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// OkSavepoint is a transaction in the transaction, on the same connection.
func (l *Ledger) OkSavepoint(ctx context.Context, entries []Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, e := range entries {
		if _, err := tx.ExecContext(ctx, "savepoint entry"); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now()); err != nil {
			if _, err := tx.ExecContext(ctx, "rollback to savepoint entry"); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

func (l *Ledger) OkLoadAfter(ctx context.Context, e Entry) (total int64, err error) {
	if err := l.write(ctx, e); err != nil {
		return 0, err
	}
	err = l.db.QueryRowContext(ctx, "select sum(amount) from entries where account = $1", e.Account).Scan(&total)
	return total, err
}

func (l *Ledger) write(ctx context.Context, e Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now()); err != nil {
		return err
	}
	return tx.Commit()
}

// OkStats: the numbers of the pool cost no connection.
func (l *Ledger) OkStats(ctx context.Context) (int, error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	l.db.SetMaxIdleConns(4)
	inUse := l.db.Stats().InUse
	if _, err := tx.ExecContext(ctx, "insert into gauges values ('in use', $1)", inUse); err != nil {
		return 0, err
	}
	return inUse, tx.Commit()
}

// OkBothEnds finishes the transaction in both branches before it asks the pool.
func (l *Ledger) OkBothEnds(ctx context.Context, e Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, execErr := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now())
	if execErr != nil {
		_ = tx.Rollback()
	} else if execErr = tx.Commit(); execErr == nil {
		return nil
	}
	_, err = l.db.ExecContext(ctx, "insert into rejected values ($1, $2)", e.Account, execErr.Error())
	return err
}

// BadOneEnd finishes it in one of the two branches only.
func (l *Ledger) BadOneEnd(ctx context.Context, e Entry) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	_, execErr := tx.ExecContext(ctx, "insert into entries values ($1, $2, $3)", e.Account, e.Amount, l.now())
	if execErr == nil {
		execErr = tx.Commit()
	}
	_, err = l.db.ExecContext(ctx, "insert into journal values ($1, $2)", e.Account, fmt.Sprint(execErr)) // want `second connection while tx holds one`
	return err
}
