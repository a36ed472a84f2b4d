package sqlcgen

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

type Author struct {
	ID   int64
	Name string
}

const getAuthor = `-- name: GetAuthor :one
select id, name from authors where id = $1 limit 1`

func (q *Queries) GetAuthor(ctx context.Context, id int64) (Author, error) {
	row := q.db.QueryRow(ctx, getAuthor, id)
	var i Author
	err := row.Scan(&i.ID, &i.Name)
	return i, err
}

const listAuthors = `-- name: ListAuthors :many
select id, name from authors`

func (q *Queries) okR110ListAuthors(ctx context.Context) ([]Author, error) {
	rows, err := q.db.Query(ctx, listAuthors)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	items := []Author{}
	for rows.Next() {
		var i Author
		if err := rows.Scan(&i.ID, &i.Name); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return items, nil
}

const createAuthor = `-- name: CreateAuthor :exec
insert into authors(name) values($1)`

func (q *Queries) CreateAuthor(ctx context.Context, name string) error {
	_, err := q.db.Exec(ctx, createAuthor, name)
	return err
}

type CreateAuthorsBatchResults struct {
	br     pgx.BatchResults
	tot    int
	closed bool
}

var ErrBatchAlreadyClosed = errors.New("batch already closed")

func (q *Queries) CreateAuthors(ctx context.Context, names []string) *CreateAuthorsBatchResults {
	batch := &pgx.Batch{}
	for _, a := range names {
		batch.Queue(createAuthor, a)
	}
	br := q.db.SendBatch(ctx, batch)
	return &CreateAuthorsBatchResults{br, len(names), false}
}

// okB110Exec is the Exec that sqlc generates: it closes the results on its way out.
func (b *CreateAuthorsBatchResults) okB110Exec(f func(int, error)) {
	defer b.br.Close()
	for t := 0; t < b.tot; t++ {
		if b.closed {
			if f != nil {
				f(t, ErrBatchAlreadyClosed)
			}
			continue
		}
		_, err := b.br.Exec()
		if f != nil {
			f(t, err)
		}
	}
}

func (b *CreateAuthorsBatchResults) Close() error {
	b.closed = true
	return b.br.Close()
}
