package pud

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

type L struct {
	c  *pgx.Conn
	ch chan string
	n  int
}

func (l *L) Close(ctx context.Context) error { return l.c.Close(ctx) }

func okA150(ctx context.Context, dsn string) (*L, error) {
	l := &L{ch: make(chan string)}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { l.n++; l.ch <- n.Payload }
	l.c, err = pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func okA151(ctx context.Context, cfg pgx.ConnConfig) (*L, error) {
	l := &L{ch: make(chan string)}
	var err error
	cfg.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) { l.n++; l.ch <- n.Payload }
	l.c, err = pgx.ConnectConfig(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func okA152(ctx context.Context, dsn string) (*L, error) {
	l := &L{ch: make(chan string)}
	var err error
	l.c, err = pgx.ConnectConfig(ctx, &pgx.ConnConfig{Config: pgconn.Config{OnNotification: func(_ *pgconn.PgConn, n *pgconn.Notification) { l.n++ }}})
	if err != nil {
		return nil, err
	}
	return l, nil
}

func okA153(ctx context.Context, dsn string) (*L, error) {
	l := &L{ch: make(chan string)}
	c, err := pgx.ConnectConfig(ctx, &pgx.ConnConfig{Config: pgconn.Config{OnNotification: func(_ *pgconn.PgConn, n *pgconn.Notification) { l.n++ }}})
	if err != nil {
		return nil, err
	}
	l.c = c
	return l, nil
}
