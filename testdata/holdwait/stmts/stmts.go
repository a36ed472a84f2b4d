// Package stmts: statements prepared on the DB take a connection of their own, also in a transaction.
package stmts

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jmoiron/sqlx"
)

type Scores struct {
	db     *sql.DB
	insert *sql.Stmt
}

func NewScores(ctx context.Context, db *sql.DB) (*Scores, error) {
	stmt, err := db.PrepareContext(ctx, "insert into scores values ($1, $2)")
	if err != nil {
		return nil, err
	}
	return &Scores{db: db, insert: stmt}, nil
}

func (s *Scores) BadSave(ctx context.Context, scores map[string]int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for player, n := range scores {
		if _, err := s.insert.ExecContext(ctx, player, n); err != nil { // want `insert\.ExecContext may wait for a second connection while tx holds one`
			return err
		}
	}
	return tx.Commit()
}

func (s *Scores) OkSave(ctx context.Context, scores map[string]int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert := tx.StmtContext(ctx, s.insert)
	for player, n := range scores {
		if _, err := insert.ExecContext(ctx, player, n); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *Scores) OkInline(ctx context.Context, player string, n int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Stmt(s.insert).Exec(player, n); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Scores) OkPrepareOnTx(ctx context.Context, scores map[string]int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.PrepareContext(ctx, "insert into scores values ($1, $2)")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for player, n := range scores {
		if _, err := stmt.ExecContext(ctx, player, n); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *Scores) BadPrepareOnDB(ctx context.Context, scores map[string]int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := s.db.PrepareContext(ctx, "insert into scores values ($1, $2)") // want `db\.PrepareContext may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	defer stmt.Close()
	onTx := tx.StmtContext(ctx, stmt)
	for player, n := range scores {
		if _, err := onTx.ExecContext(ctx, player, n); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// OkPrepareFirst prepares, then begins.
func (s *Scores) OkPrepareFirst(ctx context.Context, player string) (n int, err error) {
	stmt, err := s.db.PrepareContext(ctx, "select score from scores where player = $1")
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if err := tx.StmtContext(ctx, stmt).QueryRowContext(ctx, player).Scan(&n); err != nil {
		return 0, err
	}
	return n, tx.Commit()
}

// BadLocalStmt prepares before, but runs the statement of the DB.
func (s *Scores) BadLocalStmt(ctx context.Context, player string) (n int, err error) {
	stmt, err := s.db.PrepareContext(ctx, "select score from scores where player = $1")
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if err := stmt.QueryRowContext(ctx, player).Scan(&n); err != nil { // want `second connection while tx holds one`
		return 0, err
	}
	return n, tx.Commit()
}

// OkStmtHoldsNothing: a statement of the DB holds no connection.
func (s *Scores) OkStmtHoldsNothing(ctx context.Context, players []string) error {
	stmt, err := s.db.PrepareContext(ctx, "select score from scores where player = $1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, p := range players {
		var n int
		if err := stmt.QueryRowContext(ctx, p).Scan(&n); err != nil {
			return err
		}
		if _, err := s.db.ExecContext(ctx, "update players set score = $2 where name = $1", p, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scores) BadStmtRows(ctx context.Context) error {
	stmt, err := s.db.PrepareContext(ctx, "select player from scores")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var player string
		if err := rows.Scan(&player); err != nil {
			return err
		}
		if _, err := s.insert.ExecContext(ctx, player, 0); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func (s *Scores) OkStmtOfConn(ctx context.Context, player string) (n int, err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	stmt, err := conn.PrepareContext(ctx, "select score from scores where player = $1")
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	err = stmt.QueryRowContext(ctx, player).Scan(&n)
	return n, err
}

// cache prepares on demand. H6: it waits for a connection with its mutex locked.
type cache struct {
	mu    sync.Mutex
	db    *sqlx.DB
	stmts map[string]*sqlx.Stmt
}

func (c *cache) get(ctx context.Context, query string) (*sqlx.Stmt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.db.PreparexContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

func (c *cache) badInTx(ctx context.Context, file string) error {
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := c.get(ctx, "delete from files where name = $1") // want `c\.get may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	if _, err := tx.StmtxContext(ctx, stmt).ExecContext(ctx, file); err != nil {
		return err
	}
	return tx.Commit()
}

func (c *cache) okBeforeTx(ctx context.Context, file string) error {
	stmt, err := c.get(ctx, "delete from files where name = $1")
	if err != nil {
		return err
	}
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.StmtxContext(ctx, stmt).ExecContext(ctx, file); err != nil {
		return err
	}
	return tx.Commit()
}
