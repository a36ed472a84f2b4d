// Package waitgroups: sync.WaitGroup waits, it never bounds.
package waitgroups

import (
	"context"
	"database/sql"
	"log"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type user struct {
	ID    int64  `db:"id"`
	Email string `db:"email"`
}

func load(ctx context.Context, db *sqlx.DB, id int64) (u user, err error) {
	err = db.GetContext(ctx, &u, "select id, email from users where id = $1", id)
	return u, err
}

// U3: Add(1), go, Done.
func badAddDone(ctx context.Context, db *sqlx.DB, ids []int64) []user {
	users := make([]user, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Add(1)
		go func(i int, id int64) { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			u, err := load(ctx, db, id)
			if err != nil {
				log.Print(err)
				return
			}
			users[i] = u
		}(i, id)
	}
	wg.Wait()
	return users
}

func badAddAll(ctx context.Context, db *sqlx.DB, ids []int64) {
	var wg sync.WaitGroup
	wg.Add(len(ids))
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			_, _ = load(ctx, db, id)
		}()
	}
	wg.Wait()
}

// U3: WaitGroup.Go.
func badWaitGroupGo(ctx context.Context, db *sqlx.DB, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { // want `no bound \(up to len\(ids\)`
			_, _ = load(ctx, db, id)
		})
	}
	wg.Wait()
}

func badPointer(ctx context.Context, pool *pgxpool.Pool, wg *sync.WaitGroup, ids []int64) {
	for _, id := range ids {
		wg.Add(1)
		go visit(ctx, pool, wg, id) // want `no bound \(up to len\(ids\)`
	}
}

func visit(ctx context.Context, pool *pgxpool.Pool, wg *sync.WaitGroup, id int64) {
	defer wg.Done()
	_, _ = pool.Exec(ctx, "update users set seen = now() where id = $1", id)
}

// badMutexAfter: the mutex guards the result, not the query.
func badMutexAfter(ctx context.Context, db *sqlx.DB, ids []int64) map[int64]user {
	var mu sync.Mutex
	var wg sync.WaitGroup
	users := make(map[int64]user)
	for _, id := range ids {
		wg.Go(func() { // want `no bound \(up to len\(ids\)`
			u, err := load(ctx, db, id)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			users[id] = u
		})
	}
	wg.Wait()
	return users
}

// badErrorChannel: the channel has room for all errors; it is no semaphore.
func badErrorChannel(ctx context.Context, db *sql.DB, ids []int64) error {
	errc := make(chan error, len(ids))
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			_, err := db.ExecContext(ctx, "update users set seen = now() where id = $1", id)
			errc <- err
		}()
	}
	wg.Wait()
	close(errc)
	for err := range errc {
		if err != nil {
			return err
		}
	}
	return nil
}

// badGather: the results are read after all have been started.
func badGather(ctx context.Context, db *sqlx.DB, ids []int64) (users []user) {
	results := make(chan user)
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			u, _ := load(ctx, db, id)
			results <- u
		}()
	}
	for range ids {
		users = append(users, <-results)
	}
	return users
}

type mailer struct {
	db *sqlx.DB
	wg sync.WaitGroup
}

func (m *mailer) send(id int64) {
	u, err := load(context.Background(), m.db, id)
	log.Print(u.Email, err)
}

func (m *mailer) badField(ids []int64) {
	for _, id := range ids {
		m.wg.Go(func() { m.send(id) }) // want `no bound \(up to len\(ids\)`
	}
	m.wg.Wait()
}

// badBounded is bounded, at fifty.
func badBounded(ctx context.Context, db *sqlx.DB, jobs <-chan int64) {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { // want `up to 50 goroutines .*more than max-conns 15`
			for id := range jobs {
				_, _ = load(ctx, db, id)
			}
		})
	}
	wg.Wait()
}
