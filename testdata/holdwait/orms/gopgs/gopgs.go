// Package gopgs: go-pg.
package gopgs

import (
	"context"

	"github.com/go-pg/pg/v10"
)

type Book struct {
	ID    int64
	Title string
}

type Shelf struct{ db *pg.DB }

func (s *Shelf) BadInTransaction(ctx context.Context, b *Book) error {
	return s.db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		if _, err := tx.Exec("insert into books values (?, ?)", b.ID, b.Title); err != nil {
			return err
		}
		_, err := s.db.Exec("update shelves set n = n + 1") // want `db\.Exec may wait for a second connection while \S+ holds one`
		return err
	})
}

func (s *Shelf) OkInTransaction(ctx context.Context, b *Book) error {
	return s.db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		if _, err := tx.Exec("insert into books values (?, ?)", b.ID, b.Title); err != nil {
			return err
		}
		_, err := tx.Exec("update shelves set n = n + 1")
		return err
	})
}

// OkSameTx: Begin of a Tx gives the same one.
func (s *Shelf) OkSameTx(ctx context.Context) error {
	tx, err := s.db.BeginContext(ctx)
	if err != nil {
		return err
	}
	defer tx.Close()
	same, err := tx.Begin()
	if err != nil {
		return err
	}
	if _, err := same.Exec("delete from books"); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Shelf) BadBegin() error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	var n int
	if _, err := s.db.QueryOne(pg.Scan(&n), "select count(*) from books"); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// BadPrepared: unlike database/sql, a statement of go-pg holds a connection until Close.
func (s *Shelf) BadPrepared(titles []string) error {
	stmt, err := s.db.Prepare("insert into books (title) values ($1)")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, title := range titles {
		if _, err := stmt.Exec(title); err != nil {
			return err
		}
	}
	_, err = s.db.Exec("update shelves set n = n + ?", len(titles)) // want `second connection while stmt holds one`
	return err
}

func (s *Shelf) OkPrepared(titles []string) error {
	stmt, err := s.db.Prepare("insert into books (title) values ($1)")
	if err != nil {
		return err
	}
	for _, title := range titles {
		if _, err = stmt.Exec(title); err != nil {
			break
		}
	}
	if err := stmt.Close(); err != nil {
		return err
	}
	_, err = s.db.Exec("update shelves set n = n + ?", len(titles))
	return err
}

// OkQuery reads everything into its model; there are no rows to hold.
func (s *Shelf) OkQuery() error {
	var books []Book
	if _, err := s.db.Query(&books, "select id, title from books"); err != nil {
		return err
	}
	for _, b := range books {
		if _, err := s.db.Exec("call index(?)", b.ID); err != nil {
			return err
		}
	}
	return nil
}
