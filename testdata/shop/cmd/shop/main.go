// Command shop is a small service for poolvet to read: a shop's HTTP API and a worker on one pgx pool. Most of it is as it
// should be; a few functions lose a connection.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"time"

	"example.com/poolvet/testdata/shop/internal/api"
	"example.com/poolvet/testdata/shop/internal/db"
	"example.com/poolvet/testdata/shop/internal/store"
	"example.com/poolvet/testdata/shop/internal/worker"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(log); err != nil {
		log.Error("shop", "err", err)
		os.Exit(1)
	}
}

func run(log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	pool, err := db.Open(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()

	s := store.New(pool)
	go worker.New(pool, s, log).Run(ctx)

	server := &http.Server{Addr: ":8080", Handler: api.New(s, log), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			log.Warn("shutdown", "err", err)
		}
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
