// Package goloops: go statements in loops of every form.
package goloops

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"log"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"gorm.io/gorm"
)

const touch = "update items set touched = now() where id = $1"

func badRangeSlice(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		go pool.Exec(ctx, touch, id) // want `no bound \(up to len\(ids\)`
	}
}

// U1: nobody waits, the error is dropped, no deadline.
func badFireAndForget(db *sql.DB, ids []int64) {
	for _, id := range ids {
		go db.Exec(touch, id) // want `no bound \(up to len\(ids\)`
	}
}

func badIndex(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for i := 0; i < len(ids); i++ {
		go func() { // want `no bound \(one in each round of the loop`
			_, _ = pool.Exec(ctx, touch, ids[i])
		}()
	}
}

func badRangeLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for i := range len(ids) {
		go func() { // want `no bound \(one for each of len\(ids\)`
			_, _ = pool.Exec(ctx, touch, ids[i])
		}()
	}
}

// badLenVariable: the count has a name, it is still the length of the input.
func badLenVariable(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	n := len(ids)
	for i := 0; i < n; i++ {
		go func() { // want `no bound \(one in each round of the loop`
			_, _ = pool.Exec(ctx, touch, ids[i])
		}()
	}
}

func badRangeMap(ctx context.Context, pool *pgxpool.Pool, byID map[int64]string) {
	for id, name := range byID {
		go func(id int64, name string) { // want `no bound \(up to len\(byID\)`
			_, err := pool.Exec(ctx, "update items set name = $2 where id = $1", id, name)
			if err != nil {
				log.Print(err)
			}
		}(id, name)
	}
}

func badRangeChannel(ctx context.Context, pool *pgxpool.Pool, ids <-chan int64) {
	for id := range ids {
		go func() { // want `no bound \(one for each message of ids`
			_, _ = pool.Exec(ctx, touch, id)
		}()
	}
}

func badRangeFunc(ctx context.Context, pool *pgxpool.Pool, byID map[int64]string) {
	for id := range maps.Keys(byID) {
		go func() { // want `no bound \(one for each of maps\.Keys\(byID\)`
			_, _ = pool.Exec(ctx, touch, id)
		}()
	}
}

func badRangeValues(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for i, id := range slices.Backward(ids) {
		wg.Add(1)
		go func() { // want `no bound \(one for each of slices\.Backward\(ids\)`
			defer wg.Done()
			_, err := pool.Exec(ctx, touch, id)
			log.Print(i, err)
		}()
	}
	wg.Wait()
}

func badSplitSeq(db *sqlx.DB, list string) {
	for name := range strings.SplitSeq(list, ",") {
		go db.MustExec("insert into tags (name) values ($1)", name) // want `no bound \(one for each of strings\.SplitSeq\(list, ","\)`
	}
}

func badScanner(ctx context.Context, pool *pgxpool.Pool, r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		go func() { // want `no bound \(one in each round of the loop`
			_, _ = pool.Exec(ctx, "insert into lines values ($1)", line)
		}()
	}
	return lines.Err()
}

func badDecoder(ctx context.Context, db *sql.DB, r io.Reader) error {
	for dec := json.NewDecoder(r); ; {
		var event struct{ Kind string }
		if err := dec.Decode(&event); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		go func() { // want `no bound \(one in each round of the loop`
			if _, err := db.ExecContext(ctx, "insert into events (kind) values ($1)", event.Kind); err != nil {
				log.Print(err)
			}
		}()
	}
}

func badCSV(ctx context.Context, pool *pgxpool.Pool, r *csv.Reader) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		record, err := r.Read()
		if err != nil {
			return
		}
		wg.Add(1)
		go func() { // want `no bound \(one in each round of the loop`
			defer wg.Done()
			_, _ = pool.Exec(ctx, "insert into people values ($1, $2)", record[0], record[1])
		}()
	}
}

type node struct {
	id   int64
	next *node
}

func badLinkedList(ctx context.Context, pool *pgxpool.Pool, head *node) {
	for n := head; n != nil; n = n.next {
		go func() { // want `no bound \(one in each round of the loop`
			_, _ = pool.Exec(ctx, touch, n.id)
		}()
	}
}

func badQueue(ctx context.Context, pool *pgxpool.Pool, queue []int64) {
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		go func() { // want `no bound \(one in each round of the loop`
			_, _ = pool.Exec(ctx, touch, id)
		}()
	}
}

func badGoto(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	i := 0
next:
	if i == len(ids) {
		return
	}
	go pool.Exec(ctx, touch, ids[i]) // want `no bound \(one in each round`
	i++
	goto next
}

func badNested(ctx context.Context, pool *pgxpool.Pool, orders map[int64][]int64) {
	for order, items := range orders {
		for _, item := range items {
			go func() { // want `no bound \(up to len\(items\)`
				_, _ = pool.Exec(ctx, "insert into order_items values ($1, $2)", order, item)
			}()
		}
	}
}

// badConditional starts for some items only: there may be as many as there are items.
func badConditional(ctx context.Context, pool *pgxpool.Pool, ids []int64, stale map[int64]bool) {
	for _, id := range ids {
		if !stale[id] {
			continue
		}
		go func() { // want `no bound \(up to len\(ids\)`
			_, _ = pool.Exec(ctx, touch, id)
		}()
	}
}

// badOneOfTwo: the goroutine queries on one of its paths.
func badOneOfTwo(ctx context.Context, pool *pgxpool.Pool, ids []int64, cache *sync.Map) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			if _, hit := cache.Load(id); hit {
				return
			}
			var name string
			if err := pool.QueryRow(ctx, "select name from items where id = $1", id).Scan(&name); err == nil {
				cache.Store(id, name)
			}
		}()
	}
}

func badLocalFunc(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	work := func(id int64) {
		_, _ = pool.Exec(ctx, touch, id)
	}
	for _, id := range ids {
		go work(id) // want `no bound \(up to len\(ids\)`
	}
}

func badWrappedFunc(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		work := func() { _, _ = pool.Exec(ctx, touch, id) }
		go func(f func()) { // want `no bound \(up to len\(ids\)`
			defer func() { _ = recover() }()
			f()
		}(work)
	}
}

// badGoInDeferredCall: the loop is in a closure that runs at the end.
func badGoInDeferredCall(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	defer func() {
		for _, id := range ids {
			go pool.Exec(ctx, touch, id) // want `no bound \(up to len\(ids\)`
		}
	}()
}

// badGoroutineWithLoop: one goroutine outside, but that one starts the others.
func badGoroutineWithLoop(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	go func() {
		for _, id := range ids {
			go pool.Exec(ctx, touch, id) // want `no bound \(up to len\(ids\)`
		}
	}()
}

// badTwoDeep: the goroutine of the loop starts one that queries.
func badTwoDeep(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			log.Print(id)
			go pool.Exec(ctx, touch, id)
		}()
	}
}

// badConstantTooLarge: U10, a hundred fixed ranges.
func badConstantTooLarge(ctx context.Context, pool *pgxpool.Pool) {
	const ranges, step = 100, 10_000
	var wg sync.WaitGroup
	for i := range ranges {
		wg.Add(1)
		go func() { // want `up to 100 goroutines .*more than max-conns 15`
			defer wg.Done()
			_, _ = pool.Exec(ctx, "delete from logs where id between $1 and $2", i*step, (i+1)*step-1)
		}()
	}
	wg.Wait()
}

// badDeadlineAlone: a deadline ends the wait, it is no bound, and nothing is known of the pool.
func badDeadlineAlone(pool *pgxpool.Pool, ids []int64) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			_, _ = pool.Exec(ctx, touch, id)
		}()
	}
	wg.Wait()
}

// badWaitOfAnother waits in the iteration, for something else.
func badWaitOfAnother(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var logs, work sync.WaitGroup
	for _, id := range ids {
		work.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer work.Done()
			_, _ = pool.Exec(ctx, touch, id)
		}()
		logs.Go(func() { log.Print(id) })
		logs.Wait()
	}
	work.Wait()
}

func badRows(ctx context.Context, db *sql.DB, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			rows, err := db.QueryContext(ctx, "select name from items where parent = $1", id)
			if err != nil {
				return
			}
			defer rows.Close()
			for rows.Next() {
				var name string
				if rows.Scan(&name) != nil {
					return
				}
			}
			log.Print(rows.Err())
		}()
	}
}

type item struct {
	ID   int64
	Name string
}

func badGorm(db *gorm.DB, items []item) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for i := range items {
		go func() { // want `no bound \(up to len\(items\)`
			defer wg.Done()
			if err := db.Save(&items[i]).Error; err != nil {
				log.Print(err)
			}
		}()
	}
	wg.Wait()
}

// badOpenAndGo is U11: a pool and a goroutine for each item.
func badOpenAndGo(ids []int64) {
	for _, id := range ids {
		db, err := sql.Open("pgx", "postgres://app@db/app")
		if err != nil {
			log.Print(err)
			continue
		}
		go func(db *sql.DB) { // want `no bound \(up to len\(ids\)`
			defer db.Close()
			_, _ = db.Exec(touch, id)
		}(db)
	}
}

// badUnlimited: database/sql opens as many connections as it is asked for, and this pool is shown to have no limit.
func badUnlimited(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", "postgres://app@db/app")
	if err != nil {
		return err
	}
	defer db.Close()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			_, _ = db.ExecContext(ctx, touch, id)
		}()
	}
	wg.Wait()
	return nil
}
