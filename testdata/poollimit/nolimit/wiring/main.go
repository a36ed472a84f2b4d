// Command wiring connects its parts with fx and cobra.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/spf13/cobra"
	"go.uber.org/fx"
)

type config struct {
	DSN     string
	MaxOpen int
}

// okProvider configures when the program starts.
func okProvider(lc fx.Lifecycle, cfg config) (*sql.DB, error) {
	db, err := sql.Open("pgx", cfg.DSN)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			db.SetMaxOpenConns(cfg.MaxOpen)
			return db.PingContext(ctx)
		},
		OnStop: func(context.Context) error { return db.Close() },
	})
	return db, nil
}

type result struct {
	fx.Out

	Reports *sql.DB `name:"reports"`
}

// badProvider has a hook which only closes.
func badProvider(lc fx.Lifecycle, cfg config) (result, error) {
	db, err := sql.Open("pgx", cfg.DSN+" dbname=reports") // want "db has no limit"
	if err != nil {
		return result{}, err
	}
	lc.Append(fx.Hook{OnStop: func(context.Context) error { return db.Close() }})
	return result{Reports: db}, nil
}

// okServe opens in PersistentPreRunE and uses the pool in RunE: one variable for both closures.
func okServe() *cobra.Command {
	var db *sql.DB
	var dsn string
	var maxOpen int
	cmd := &cobra.Command{
		Use: "serve",
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) (err error) {
			db, err = sql.Open("pgx", dsn)
			return err
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			db.SetMaxOpenConns(maxOpen)
			return db.PingContext(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&dsn, "dsn", os.Getenv("DATABASE_URL"), "database")
	// The default of a flag is no limit of the program: the operator decides.
	cmd.Flags().IntVar(&maxOpen, "max-open", 200, "connections")
	return cmd
}

// badImport opens in the command itself.
func badImport() *cobra.Command {
	return &cobra.Command{
		Use:  "import FILE...",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := sql.Open("pgx", os.Getenv("DATABASE_URL")) // want "db has no limit"
			if err != nil {
				return err
			}
			defer db.Close()
			errs := make(chan error, len(args))
			for _, name := range args {
				go func() {
					_, err := db.ExecContext(cmd.Context(), "select import($1)", name)
					errs <- err
				}()
			}
			var all error
			for range args {
				all = errors.Join(all, <-errs)
			}
			return all
		},
	}
}

func main() {
	root := &cobra.Command{Use: "wiring"}
	root.AddCommand(okServe(), badImport(), &cobra.Command{
		Use: "app",
		Run: func(*cobra.Command, []string) {
			fx.New(fx.Provide(okProvider, badProvider), fx.Supply(config{DSN: "dbname=app", MaxOpen: 10})).Run()
		},
	})
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
