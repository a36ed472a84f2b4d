// Command report prints how many orders the shop had on each of the last days. It was written in a hurry.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, 7); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, days int) error {
	for i := range days {
		day := time.Now().AddDate(0, 0, -i)
		orders, err := sold(ctx, day)
		if err != nil {
			return err
		}
		fmt.Println(day.Format(time.DateOnly), orders)
	}
	return nil
}

// sold builds a pool for one query.
func sold(ctx context.Context, day time.Time) (orders int64, err error) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "select count(*) from orders where created::date = $1", day).Scan(&orders)
	return orders, err
}
