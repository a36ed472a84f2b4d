// Command migrate connects by itself, which allow does not permit.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"
)

func main() {
	if err := badCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func badCommand() *cobra.Command {
	return &cobra.Command{
		Use: "migrate",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := pgx.ParseConfig(os.Getenv("DATABASE_URL"))
			if err != nil {
				return err
			}
			cfg.RuntimeParams["application_name"] = "migrate"
			conn, err := pgx.ConnectConfig(cmd.Context(), cfg) // want `pgx\.ConnectConfig builds a connection of its own outside the packages`
			if err != nil {
				return err
			}
			defer conn.Close(context.Background())
			return okApply(cmd.Context(), conn)
		},
	}
}

func okApply(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "create table if not exists versions (n int)")
	return err
}
