// Package iters: iterators over open rows. The body of the loop runs while they are open.
package iters

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Photo struct {
	ID    int64
	Album string
}

type Gallery struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// All reads while the caller's loop runs.
func (g *Gallery) All(ctx context.Context) iter.Seq2[Photo, error] {
	return func(yield func(Photo, error) bool) {
		rows, err := g.pool.Query(ctx, "select id, album from photos")
		if err != nil {
			yield(Photo{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var p Photo
			err := rows.Scan(&p.ID, &p.Album)
			if !yield(p, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Photo{}, err)
		}
	}
}

// Albums reads everything first.
func (g *Gallery) Albums(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		rows, err := g.pool.Query(ctx, "select distinct album from photos")
		if err != nil {
			yield("", err)
			return
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}

func (g *Gallery) BadRange(ctx context.Context) error {
	for p, err := range g.All(ctx) {
		if err != nil {
			return err
		}
		if _, err := g.pool.Exec(ctx, "update photos set thumb = make_thumb($1)", p.ID); err != nil { // want `second connection while \S+ holds one`
			return err
		}
	}
	return nil
}

func (g *Gallery) OkRangeCollected(ctx context.Context) error {
	var ids []int64
	for p, err := range g.All(ctx) {
		if err != nil {
			return err
		}
		ids = append(ids, p.ID)
	}
	_, err := g.pool.Exec(ctx, "update photos set thumb = make_thumb(id) where id = any($1)", ids)
	return err
}

// OkRangeAlbums: that iterator holds nothing while it yields.
func (g *Gallery) OkRangeAlbums(ctx context.Context) error {
	for album, err := range g.Albums(ctx) {
		if err != nil {
			return err
		}
		if err := g.touch(ctx, album); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gallery) touch(ctx context.Context, album string) error {
	_, err := g.pool.Exec(ctx, "update albums set touched = now() where name = $1", album)
	return err
}

// BadRangeHelper: the body calls what takes a connection.
func (g *Gallery) BadRangeHelper(ctx context.Context) error {
	seen := map[string]bool{}
	for p, err := range g.All(ctx) {
		if err != nil {
			return err
		}
		if seen[p.Album] {
			continue
		}
		seen[p.Album] = true
		if err := g.touch(ctx, p.Album); err != nil { // want `g\.touch may wait for a second connection while \S+ holds one`
			return err
		}
	}
	return nil
}

// IDs is an iter.Seq with its error beside it, over rows that are given.
func IDs(rows *sql.Rows, err *error) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		defer rows.Close()
		for rows.Next() {
			var id int64
			if *err = rows.Scan(&id); *err != nil {
				return
			}
			if !yield(id) {
				return
			}
		}
		*err = rows.Err()
	}
}

func (g *Gallery) BadSeq(ctx context.Context) error {
	rows, err := g.db.QueryContext(ctx, "select id from photos")
	if err != nil {
		return err
	}
	for id := range IDs(rows, &err) {
		if _, err := g.db.ExecContext(ctx, "delete from likes where photo = $1", id); err != nil { // want `second connection while (rows|IDs) holds one`
			return err
		}
	}
	return err
}

// OkSeqCollect: Collect runs the iterator to its end.
func (g *Gallery) OkSeqCollect(ctx context.Context) error {
	rows, err := g.db.QueryContext(ctx, "select id from photos")
	if err != nil {
		return err
	}
	ids := slices.Collect(IDs(rows, &err))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := g.db.ExecContext(ctx, "delete from likes where photo = $1", id); err != nil {
			return err
		}
	}
	return nil
}

// OkBreak: with break the iterator returns, its deferred Close runs.
func (g *Gallery) OkBreak(ctx context.Context) error {
	var first Photo
	for p, err := range g.All(ctx) {
		if err != nil {
			return err
		}
		first = p
		break
	}
	return g.touch(ctx, first.Album)
}

// each is the same with a callback.
func (g *Gallery) each(ctx context.Context, fn func(Photo) error) error {
	rows, err := g.pool.Query(ctx, "select id, album from photos")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p Photo
		if err := rows.Scan(&p.ID, &p.Album); err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (g *Gallery) BadEach(ctx context.Context) error {
	return g.each(ctx, func(p Photo) error {
		return g.touch(ctx, p.Album) // want `g\.touch may wait for a second connection while \S+ holds one`
	})
}

func (g *Gallery) OkEach(ctx context.Context) (n int, err error) {
	err = g.each(ctx, func(Photo) error { n++; return nil })
	if err != nil {
		return 0, err
	}
	return n, g.touch(ctx, "all")
}

// eachCollected calls its function when the rows are closed.
func (g *Gallery) eachCollected(ctx context.Context, fn func(Photo) error) error {
	rows, err := g.pool.Query(ctx, "select id, album from photos")
	if err != nil {
		return err
	}
	photos, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Photo])
	if err != nil {
		return err
	}
	for _, p := range photos {
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}

func (g *Gallery) OkEachCollected(ctx context.Context) error {
	return g.eachCollected(ctx, func(p Photo) error { return g.touch(ctx, p.Album) })
}

// Cursor is an iterator in the old style.
type Cursor struct {
	rows *sql.Rows
	cur  Photo
	err  error
}

func (g *Gallery) open(ctx context.Context) (*Cursor, error) {
	rows, err := g.db.QueryContext(ctx, "select id, album from photos")
	if err != nil {
		return nil, err
	}
	return &Cursor{rows: rows}, nil
}

func (c *Cursor) Next() bool {
	if !c.rows.Next() {
		c.err = c.rows.Err()
		return false
	}
	c.err = c.rows.Scan(&c.cur.ID, &c.cur.Album)
	return c.err == nil
}

func (c *Cursor) Close() error { return c.rows.Close() }

func (g *Gallery) BadCursor(ctx context.Context) error {
	cur, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer cur.Close()
	for cur.Next() {
		if _, err := g.db.ExecContext(ctx, "delete from likes where photo = $1", cur.cur.ID); err != nil { // want `second connection while cur holds one`
			return err
		}
	}
	return cur.err
}

func (g *Gallery) OkCursor(ctx context.Context) error {
	cur, err := g.open(ctx)
	if err != nil {
		return err
	}
	n := 0
	for cur.Next() {
		n++
	}
	if err := cur.Close(); err != nil {
		return err
	}
	_, err = g.db.ExecContext(ctx, "insert into counts values ($1)", n)
	return err
}

// BadPull: the iterator is stopped when the function returns.
func (g *Gallery) BadPull(ctx context.Context) (string, error) {
	next, stop := iter.Pull2(g.All(ctx))
	defer stop()
	p, err, ok := next()
	if err != nil || !ok {
		return "", err
	}
	return p.Album, g.touch(ctx, p.Album) // want `g\.touch may wait for a second connection`
}
