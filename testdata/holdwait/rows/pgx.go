// Package rows: a query while the rows of another one are open.
package rows

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Playlist struct {
	ID     int64
	Name   string
	Tracks []Track
}

type Track struct {
	ID    int64
	Title string
}

type Library struct {
	pool *pgxpool.Pool
}

func (l *Library) BadPlaylists(ctx context.Context) (lists []Playlist, err error) {
	rows, err := l.pool.Query(ctx, "select id, name from playlists")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Playlist
		if err := rows.Scan(&p.ID, &p.Name); err != nil {
			return nil, err
		}
		p.Tracks, err = l.tracks(ctx, p.ID) // want `l\.tracks may wait for a second connection while rows holds one`
		if err != nil {
			return nil, err
		}
		lists = append(lists, p)
	}
	return lists, rows.Err()
}

func (l *Library) tracks(ctx context.Context, list int64) ([]Track, error) {
	rows, err := l.pool.Query(ctx, "select id, title from tracks where playlist = $1", list)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Track])
}

func (l *Library) OkPlaylists(ctx context.Context) ([]Playlist, error) {
	rows, err := l.pool.Query(ctx, "select id, name from playlists")
	if err != nil {
		return nil, err
	}
	lists, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Playlist, err error) {
		err = row.Scan(&p.ID, &p.Name)
		return p, err
	})
	if err != nil {
		return nil, err
	}
	for i := range lists {
		if lists[i].Tracks, err = l.tracks(ctx, lists[i].ID); err != nil {
			return nil, err
		}
	}
	return lists, nil
}

// BadTouch works with MaxConns 2 as long as there is one request at a time.
func (l *Library) BadTouch(ctx context.Context, older int) error {
	rows, err := l.pool.Query(ctx, "select id from tracks where plays < $1", older)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := l.pool.Exec(ctx, "delete from tracks where id = $1", id); err != nil { // want `pool\.Exec may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// BadInnerBegin begins a transaction for each row.
func (l *Library) BadInnerBegin(ctx context.Context) error {
	cursor, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return err
	}
	defer cursor.Close()
	for cursor.Next() {
		var id int64
		if err := cursor.Scan(&id); err != nil {
			return err
		}
		tx, err := l.pool.Begin(ctx) // want `second connection while cursor holds one`
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update tracks set plays = 0 where id = $1", id); err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return cursor.Err()
}

// BadIfNext reads the first row only: the rows are open until the function returns.
func (l *Library) BadIfNext(ctx context.Context, name string) (p Playlist, err error) {
	rows, err := l.pool.Query(ctx, "select id, name from playlists where name = $1", name)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	if !rows.Next() {
		return p, pgx.ErrNoRows
	}
	if err := rows.Scan(&p.ID, &p.Name); err != nil {
		return p, err
	}
	p.Tracks, err = l.tracks(ctx, p.ID) // want `second connection while rows holds one`
	return p, err
}

// OkIfNoNext: Next gave false, which has closed the rows.
func (l *Library) OkIfNoNext(ctx context.Context, name string) (p Playlist, err error) {
	rows, err := l.pool.Query(ctx, "select id, name from playlists where name = $1", name)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	if !rows.Next() {
		err = l.pool.QueryRow(ctx, "insert into playlists (name) values ($1) returning id", name).Scan(&p.ID)
		return p, err
	}
	err = rows.Scan(&p.ID, &p.Name)
	return p, err
}

// OkScanError: a Scan that fails closes rows of pgx.
func (l *Library) OkScanError(ctx context.Context) (ids []int64, err error) {
	rows, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			_, _ = l.pool.Exec(ctx, "insert into failures (msg) values ($1)", err.Error())
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// OkAfterLoop: the loop has run to its end, the deferred Close does nothing any more.
func (l *Library) OkAfterLoop(ctx context.Context) (n int, err error) {
	rows, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	if rows.Err() != nil {
		return 0, rows.Err()
	}
	_, err = l.pool.Exec(ctx, "update stats set tracks = $1", n)
	return n, err
}

// BadBreak leaves the loop early.
func (l *Library) BadBreak(ctx context.Context, limit int) (n int, err error) {
	rows, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if n++; n == limit {
			break
		}
	}
	_, err = l.pool.Exec(ctx, "update stats set tracks = $1", n) // want `second connection while rows holds one`
	return n, err
}

func (l *Library) OkBreakThenClose(ctx context.Context, limit int) (n int, err error) {
	rows, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if n++; n == limit {
			break
		}
	}
	rows.Close()
	_, err = l.pool.Exec(ctx, "update stats set tracks = $1", n)
	return n, err
}

// OkErrRows: on an error the rows of pgx hold nothing, whether they are nil or not.
func (l *Library) OkErrRows(ctx context.Context) error {
	rows, err := l.pool.Query(ctx, "select id from tracks_v2")
	defer rows.Close()
	if err != nil {
		_, err = l.pool.Exec(ctx, "call migrate()")
		return err
	}
	for rows.Next() {
		fmt.Println(rows.RawValues())
	}
	return rows.Err()
}

// H3: two queries one after the other, each read for its first row, closed at the end.
func (l *Library) BadTwoFirsts(ctx context.Context) (first, last int64, err error) {
	a, err := l.pool.Query(ctx, "select id from tracks order by id")
	if err != nil {
		return 0, 0, err
	}
	defer a.Close()
	if a.Next() {
		if err := a.Scan(&first); err != nil {
			return 0, 0, err
		}
	}
	b, err := l.pool.Query(ctx, "select id from tracks order by id desc") // want `second connection while a holds one`
	if err != nil {
		return 0, 0, err
	}
	defer b.Close()
	if b.Next() {
		err = b.Scan(&last)
	}
	return first, last, err
}

// OkTwoLoops: both have a deferred Close only, but the first is at its end when the second begins.
func (l *Library) OkTwoLoops(ctx context.Context) (n int, err error) {
	a, err := l.pool.Query(ctx, "select id from tracks")
	if err != nil {
		return 0, err
	}
	defer a.Close()
	for a.Next() {
		n++
	}
	if err := a.Err(); err != nil {
		return 0, err
	}
	b, err := l.pool.Query(ctx, "select id from playlists")
	if err != nil {
		return 0, err
	}
	defer b.Close()
	for b.Next() {
		n++
	}
	return n, b.Err()
}
