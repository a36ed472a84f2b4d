// Package dbr: transactions, rows and iterators of dbr, whose statements run on the session or transaction that began them.
package dbr

import (
	"context"
	"errors"

	"github.com/gocraft/dbr/v2"
)

type tool struct {
	ID   int64
	Name string
}

var errNone = errors.New("no tools")

// okBegin defers what does nothing after Commit.
func okBegin(sess *dbr.Session, name string) error {
	tx, err := sess.Begin()
	if err != nil {
		return err
	}
	defer tx.RollbackUnlessCommitted()
	if _, err := tx.InsertInto("tools").Columns("name").Values(name).Exec(); err != nil {
		return err
	}
	return tx.Commit()
}

func badBegin(sess *dbr.Session, name string) error {
	tx, err := sess.Begin() // want `tx is neither committed nor rolled back when Exec fails: return at L\d+`
	if err != nil {
		return err
	}
	if _, err := tx.InsertInto("tools").Columns("name").Values(name).Exec(); err != nil {
		return err
	}
	return tx.Commit()
}

func okBeginTx(ctx context.Context, sess *dbr.Session, id int64) error {
	tx, err := sess.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.DeleteFrom("tools").Where("id = ?", id).ExecContext(ctx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func badBeginTx(ctx context.Context, sess *dbr.Session, id int64) error {
	tx, err := sess.BeginTx(ctx, nil) // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err != nil {
		return err
	}
	result, err := tx.Update("tools").Set("seen", true).Where("id = ?", id).ExecContext(ctx)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return errNone
	}
	return tx.Commit()
}

// okTxRows reads in a transaction.
func okTxRows(ctx context.Context, sess *dbr.Session) (bool, error) {
	tx, err := sess.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.RollbackUnlessCommitted()
	rows, err := tx.Select("id").From("tools").RowsContext(ctx)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

// okPromoted and badPromoted call what dbr's types embed.
func okPromoted(ctx context.Context, conn *dbr.Connection) (bool, error) {
	rows, err := conn.NewSession(nil).QueryContext(ctx, "select 1 from tools")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

func badPromoted(ctx context.Context, sess *dbr.Session) (bool, error) {
	rows, err := sess.QueryContext(ctx, "select 1 from tools") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

func okRows(sess *dbr.Session) (tools []tool, err error) {
	rows, err := sess.Select("*").From("tools").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t tool
		if err := rows.Scan(&t.ID, &t.Name); err != nil {
			return nil, err
		}
		tools = append(tools, t)
	}
	return tools, rows.Err()
}

func badRows(sess *dbr.Session) (tools []tool, err error) {
	rows, err := sess.Select("*").From("tools").Rows() // want `rows is not closed when Scan fails: return at L\d+`
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var t tool
		if err := rows.Scan(&t.ID, &t.Name); err != nil {
			return nil, err
		}
		tools = append(tools, t)
	}
	return tools, rows.Err()
}

// okRowsContext hands its rows to Load, which closes them whatever happens.
func okRowsContext(ctx context.Context, sess *dbr.Session) (tools []tool, err error) {
	rows, err := sess.SelectBySql("select * from tools where seen").RowsContext(ctx)
	if err != nil {
		return nil, err
	}
	_, err = dbr.Load(rows, &tools)
	return tools, err
}

func badRowsContext(ctx context.Context, sess *dbr.Session, limit uint64) (tools []tool, err error) {
	rows, err := sess.Select("*").From("tools").Limit(limit).RowsContext(ctx) // want `rows is not closed on all paths: return at L\d+`
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		return nil, errNone
	}
	_, err = dbr.Load(rows, &tools)
	return tools, err
}

func okIterate(sess *dbr.Session, each func(tool) error) error {
	it, err := sess.Select("*").From("tools").Iterate()
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() {
		var t tool
		if err := it.Scan(&t); err != nil {
			return err
		}
		if err := each(t); err != nil {
			return err
		}
	}
	return it.Err()
}

// badIterate leaves early; a Scan that fails does not close the rows.
func badIterate(sess *dbr.Session) (tools []tool, err error) {
	it, err := sess.Select("*").From("tools").Iterate() // want `it is not closed when Scan fails: return at L\d+`
	if err != nil {
		return nil, err
	}
	for it.Next() {
		var t tool
		if err := it.Scan(&t); err != nil {
			return nil, err
		}
		tools = append(tools, t)
	}
	return tools, it.Err()
}

// okIterateContext reads to the end.
func okIterateContext(ctx context.Context, sess *dbr.Session) (n int, err error) {
	it, err := sess.Select("id").From("tools").IterateContext(ctx)
	if err != nil {
		return 0, err
	}
	for it.Next() {
		n++
	}
	return n, it.Err()
}

func badIterateContext(ctx context.Context, sess *dbr.Session) (t tool, err error) {
	it, err := sess.Select("*").From("tools").OrderAsc("id").IterateContext(ctx) // want "it is n(ot|ever) closed"
	if err != nil {
		return t, err
	}
	if !it.Next() {
		return t, errNone
	}
	return t, it.Scan(&t)
}

// okRunner takes whatever runs statements.
func okRunner(ctx context.Context, run dbr.Runner) (tools []tool, err error) {
	rows, err := run.QueryContext(ctx, "select id, name from tools")
	if err != nil {
		return nil, err
	}
	_, err = dbr.Load(rows, &tools)
	return tools, err
}

func badRunner(ctx context.Context, run dbr.Runner) (bool, error) {
	rows, err := run.QueryContext(ctx, "select 1 from tools") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okLoads leaves nothing open.
func okLoads(ctx context.Context, sess *dbr.Session) (tools []tool, names []string, err error) {
	if _, err := sess.Select("*").From("tools").LoadContext(ctx, &tools); err != nil {
		return nil, nil, err
	}
	names, err = sess.Select("name").Distinct().From("tools").ReturnStringsContext(ctx)
	return tools, names, err
}
