// Package sqlconn: with the driver of pgx one goroutine hangs when it asks a *sql.Conn whose rows are open.
package sqlconn

import (
	"context"
	"database/sql"

	_ "github.com/jackc/pgx/v5/stdlib"
)

type Exporter struct{ db *sql.DB }

func NewExporter(dsn string) (*Exporter, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	return &Exporter{db}, nil
}

func (e *Exporter) BadExport(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select id from exports")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "update exports set done = true where id = $1", id); err != nil { // want `conn busy: rows is still open`
			return err
		}
	}
	return rows.Err()
}

func (e *Exporter) OkExport(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select id from exports")
	if err != nil {
		return err
	}
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			_ = rows.Close()
			return err
		}
		ids = append(ids, id)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := conn.ExecContext(ctx, "update exports set done = true where id = $1", id); err != nil {
			return err
		}
	}
	return rows.Err()
}
