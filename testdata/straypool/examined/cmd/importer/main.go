package main

import (
	"bufio"
	"context"
	"flag"
	"log"
	"os"

	"github.com/jackc/pgx/v5"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

var (
	dsn  = flag.String("dsn", "", "")
	mode = flag.String("mode", "batch", "")
)

func main() {
	flag.Parse()
	if *mode == "batch" {
		okBatch(context.Background())
		return
	}
	badLines(context.Background())
}

func okBatch(ctx context.Context) {
	db := dbx.MustOpen(*dsn)
	defer db.Close()
	s := bufio.NewScanner(os.Stdin)
	for s.Scan() {
		if _, err := db.ExecContext(ctx, "insert into l values($1)", s.Text()); err != nil {
			log.Print(err)
		}
	}
}

func badLines(ctx context.Context) {
	s := bufio.NewScanner(os.Stdin)
	for s.Scan() {
		line := s.Text()
		err := dbx.WithConn(ctx, *dsn, func(c *pgx.Conn) error { // want `dbx\.WithConn builds a connection of its own in a loop`
			_, err := c.Exec(ctx, "insert into l values($1)", line)
			return err
		})
		if err != nil {
			log.Print(err)
		}
	}
}
