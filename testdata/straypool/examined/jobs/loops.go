package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

// badTenantRows opens a database for each tenant.
func badTenantRows(ctx context.Context, admin *pgxpool.Pool) error {
	rows, err := admin.Query(ctx, "select dsn from tenants")
	if err != nil {
		return err
	}
	dsns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, d := range dsns {
		db, err := sqlx.ConnectContext(ctx, "pgx", d) // want `sqlx\.ConnectContext runs in a loop`
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "vacuum"); err != nil {
			return err
		}
	}
	return nil
}

func badOpenInsideRows(admin *sql.DB) error {
	rows, err := admin.Query("select id, dsn from tenants")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		var dsn string
		if err := rows.Scan(&id, &dsn); err != nil {
			return err
		}
		eng, err := xorm.NewEngine("postgres", dsn) // want `xorm\.NewEngine runs in a loop`
		if err != nil {
			return err
		}
		_, _ = eng.Exec("select 1")
	}
	return rows.Err()
}

func badWhileBatch(ctx context.Context, ids []int64) (err error) {
	for len(ids) > 0 {
		n := min(100, len(ids))
		var p *pgxpool.Pool
		if p, err = pgxpool.New(ctx, os.Getenv("DSN")); err != nil { // want `pgxpool\.New runs in a loop`
			return
		}
		_, err = p.Exec(ctx, "update t set x=1 where id=any($1)", ids[:n])
		p.Close()
		if err != nil {
			return
		}
		ids = ids[n:]
	}
	return
}

func insertUser(name string) error {
	db := dbx.Conn()
	defer db.Close()
	_, err := db.Exec("insert into users(name) values($1)", name)
	return err
}

func badInsertEach(names []string) (failed int) {
	for i := range names {
		if insertUser(names[i]) != nil { // want "insertUser builds a pool in a loop"
			failed++
		}
	}
	return failed
}

func badAuditLoop(ctx context.Context, events []string) error {
	for _, e := range events {
		if err := svc.AuditRow(ctx, e); err != nil { // want `svc\.AuditRow builds a connection of its own in a loop`
			return fmt.Errorf("%s: %w", e, err)
		}
	}
	return nil
}

func badGotoLoop(ctx context.Context, n int) {
	i := 0
again:
	c, err := pgx.Connect(ctx, os.Getenv("DSN")) // want `pgx\.Connect runs in a loop`
	if err == nil {
		_, _ = c.Exec(ctx, "select step($1)", i)
		_ = c.Close(ctx)
	}
	if i++; i < n {
		goto again
	}
}

func badAfterFuncRearm(d time.Duration) {
	var tick func()
	tick = func() {
		if c, err := pgx.Connect(context.Background(), os.Getenv("DSN")); err == nil { // want `pgx\.Connect runs on each tick`
			_, _ = c.Exec(context.Background(), "select heartbeat()")
			_ = c.Close(context.Background())
		}
		time.AfterFunc(d, tick)
	}
	tick()
}

func touchOne(name string) error {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("select touch($1)", name)
	return err
}

func badLoopPlainCall(names []string) error {
	for _, n := range names {
		if err := touchOne(n); err != nil { // want "touchOne builds a pool in a loop"
			return err
		}
	}
	return nil
}

func badLoopCountFailures(names []string) int {
	failed := 0
	for _, n := range names {
		if err := touchOne(n); err != nil { // want "touchOne builds a pool in a loop"
			failed++
		}
	}
	return failed
}

func badLoopContinueOnError(names []string) (done []string) {
	for _, n := range names {
		if touchOne(n) != nil { // want "touchOne builds a pool in a loop"
			continue
		}
		done = append(done, n)
	}
	return
}

func badLoopJoinErrors(names []string) error {
	var errs []error
	for _, n := range names {
		errs = append(errs, touchOne(n)) // want "touchOne builds a pool in a loop"
	}
	return errors.Join(errs...)
}

func badLoopDirectSkip(ctx context.Context, ids []int) (skipped int) {
	for _, id := range ids {
		c, err := pgx.Connect(ctx, os.Getenv("DSN")) // want `pgx\.Connect runs in a loop`
		if err != nil {
			skipped++
			continue
		}
		if _, err := c.Exec(ctx, "select f($1)", id); err != nil {
			skipped++
		}
		_ = c.Close(ctx)
	}
	return
}

func countOf(id int) int {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	n := 0
	_ = db.QueryRow("select count(*) from t where id=$1", id).Scan(&n)
	return n
}

func badLoopSumHelper(ids []int) (sum int) {
	for _, id := range ids {
		sum += countOf(id) // want "countOf builds a pool in a loop"
	}
	return sum
}

func badLoopSumAssigned(ids []int) map[int]int {
	out := map[int]int{}
	for _, id := range ids {
		n := countOf(id) // want "countOf builds a pool in a loop"
		out[id] = n
	}
	return out
}

func badHandlerCount(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, countOf(len(r.URL.Path))) // want "countOf builds a pool on each request"
}

func badLoopPairHelper(ids []int) (total int, err error) {
	for _, id := range ids {
		n, err := countErr(id) // want "countErr builds a pool in a loop"
		if err != nil {
			return 0, err
		}
		total += n
	}
	return
}

func countErr(id int) (n int, err error) {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRow("select count(*) from t where id=$1", id).Scan(&n)
	return n, err
}
