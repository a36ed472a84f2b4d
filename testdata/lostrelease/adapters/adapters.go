// Package adapters uses the interfaces and wrapper types of package storage.
package adapters

import (
	"context"
	"errors"
	"fmt"

	"example.com/poolvet/testdata/lostrelease/adapters/storage"
)

var errEmpty = errors.New("empty")

// Service has the interface of a DB.
type Service struct {
	db     storage.DB
	reader storage.Reader
}

// okThroughInterface closes what came through two interfaces.
func (s *Service) okThroughInterface(ctx context.Context) (name string, err error) {
	rows, err := s.db.Query(ctx, "select name from users")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if !rows.Next() {
		return "", errEmpty
	}
	err = rows.Scan(&name)
	return name, err
}

// badThroughInterface does not.
func (s *Service) badThroughInterface(ctx context.Context) (name string, err error) {
	rows, err := s.db.Query(ctx, "select name from users") // want "rows is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	if !rows.Next() {
		return "", errEmpty
	}
	err = rows.Scan(&name)
	return name, err
}

// badOnImplementation does not either, on the implementation itself.
func badOnImplementation(ctx context.Context, db *storage.PgxDB) (bool, error) {
	rows, err := db.Query(ctx, "select name from users") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okHooks rolls back when a hook or anything else fails.
func (s *Service) okHooks(ctx context.Context, hook func(context.Context) error) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	tx.BeforeCommit(hook)
	return tx.Commit(ctx)
}

// badHooks has a Commit that may fail before it ends anything.
func badHooks(ctx context.Context, db *storage.PgxDB, hook func(context.Context) error) error {
	tx, err := db.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	tx.BeforeCommit(hook)
	return tx.Commit(ctx)
}

// badErrorPath ends the wrapper of a transaction on success only.
func badErrorPath(ctx context.Context, db *storage.PgxDB) error {
	tx, err := db.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Tx.Commit(ctx)
}

// okInnerEnd ends the transaction inside the wrapper.
func okInnerEnd(ctx context.Context, db *storage.PgxDB) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Tx.Rollback(ctx)
	_, err = tx.Exec(ctx, "delete from sessions")
	return err
}

// okIterator stops.
func (s *Service) okIterator(ctx context.Context, object string) (string, error) {
	it, err := s.reader.Read(ctx, object)
	if err != nil {
		return "", err
	}
	defer it.Stop()
	subject, ok, err := it.Next()
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errEmpty
	}
	return subject, nil
}

// badIterator does not stop.
func (s *Service) badIterator(ctx context.Context, object string) (string, error) {
	it, err := s.reader.Read(ctx, object) // want "it is n"
	if err != nil {
		return "", err
	}
	subject, ok, err := it.Next()
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errEmpty
	}
	return subject, nil
}

// okCombined gives both iterators to one that stops them, and the first is stopped when there is no second.
func (s *Service) okCombined(ctx context.Context, a, b string) (storage.TupleIterator, error) {
	first, err := s.reader.Read(ctx, a)
	if err != nil {
		return nil, err
	}
	second, err := s.reader.Read(ctx, b)
	if err != nil {
		first.Stop()
		return nil, fmt.Errorf("second: %w", err)
	}
	return storage.OkCombine(first, second), nil
}

// badCombined forgets the first when there is no second.
func (s *Service) badCombined(ctx context.Context, a, b string) (storage.TupleIterator, error) {
	first, err := s.reader.Read(ctx, a) // want "first is not"
	if err != nil {
		return nil, err
	}
	second, err := s.reader.Read(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("second: %w", err)
	}
	return storage.OkCombine(first, second), nil
}

// okOptional has an iterator that holds nothing in one case.
func (s *Service) okOptional(ctx context.Context, object string) (n int, err error) {
	it := storage.OkEmpty()
	if object != "" {
		if it, err = s.reader.Read(ctx, object); err != nil {
			return 0, err
		}
	}
	defer it.Stop()
	for {
		_, ok, err := it.Next()
		if err != nil || !ok {
			return n, err
		}
		n++
	}
}

// okCollect is a helper that reads and stops.
func okCollect(it storage.TupleIterator) (all []string, err error) {
	defer it.Stop()
	for {
		s, ok, err := it.Next()
		if err != nil || !ok {
			return all, err
		}
		all = append(all, s)
	}
}

// okCollected gives the iterator to it.
func (s *Service) okCollected(ctx context.Context, object string) ([]string, error) {
	it, err := s.reader.Read(ctx, object)
	if err != nil {
		return nil, err
	}
	return okCollect(it)
}

// peek is a helper that only reads.
func peek(it storage.TupleIterator) (string, error) {
	s, _, err := it.Next()
	return s, err
}

// badPeeked gives it to that one.
func (s *Service) badPeeked(ctx context.Context, object string) (string, error) {
	it, err := s.reader.Read(ctx, object) // want "it is n"
	if err != nil {
		return "", err
	}
	return peek(it)
}
