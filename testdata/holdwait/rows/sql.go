package rows

import (
	"context"
	"database/sql"
	"errors"
	"log"
)

type exercise struct {
	id   int64
	sets []int
}

type workout struct {
	id        int64
	exercises []exercise
}

// badListWorkouts holds three at once: list, loadExercises, loadSets.
func badListWorkouts(ctx context.Context, db *sql.DB) ([]workout, error) {
	rows, err := db.QueryContext(ctx, "select id from workouts")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []workout
	for rows.Next() {
		var w workout
		if err := rows.Scan(&w.id); err != nil {
			return nil, err
		}
		if w.exercises, err = loadExercisesFirst(ctx, db, w.id); err != nil { // want `loadExercisesFirst may wait for a second connection while rows holds one`
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// loadExercisesFirst is right itself: it reads its rows, then the sets.
func loadExercisesFirst(ctx context.Context, db *sql.DB, workout int64) ([]exercise, error) {
	ids, err := exerciseIDs(ctx, db, workout)
	if err != nil {
		return nil, err
	}
	out := make([]exercise, len(ids))
	for i, id := range ids {
		out[i].id = id
		if out[i].sets, err = loadSets(ctx, db, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func exerciseIDs(ctx context.Context, db *sql.DB, workout int64) (ids []int64, err error) {
	rows, err := db.QueryContext(ctx, "select id from exercises where workout = $1", workout)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func loadSets(ctx context.Context, db *sql.DB, exercise int64) (sets []int, err error) {
	rows, err := db.QueryContext(ctx, "select reps from sets where exercise = $1", exercise)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var reps int
		if err := rows.Scan(&reps); err != nil {
			return nil, err
		}
		sets = append(sets, reps)
	}
	return sets, rows.Err()
}

func badExecInLoop(db *sql.DB) error {
	rows, err := db.Query("select id from sessions where expired")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			log.Print(err)
			continue
		}
		if _, err := db.Exec("delete from sessions where id = $1", id); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// badScanError: in database/sql a Scan that fails leaves the rows open.
func badScanError(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from sessions")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			_, logErr := db.ExecContext(ctx, "insert into failures values ($1)", err.Error()) // want `second connection while rows holds one`
			return errors.Join(err, logErr)
		}
	}
	return rows.Err()
}

// badBreakOnMatch: the found row is updated while the cursor stands on it.
func badBreakOnMatch(ctx context.Context, db *sql.DB, want string) error {
	rows, err := db.QueryContext(ctx, "select id, payload from jobs where not done")
	if err != nil {
		return err
	}
	defer rows.Close()
	var id int64
	for rows.Next() {
		var payload string
		if err := rows.Scan(&id, &payload); err != nil {
			return err
		}
		if payload == want {
			break
		}
	}
	_, err = db.ExecContext(ctx, "update jobs set done = true where id = $1", id) // want `second connection while rows holds one`
	return err
}

func okCollectThenExec(ctx context.Context, db *sql.DB, workout int64) error {
	ids, err := exerciseIDs(ctx, db, workout)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := db.ExecContext(ctx, "delete from exercises where id = $1", id); err != nil {
			return err
		}
	}
	return nil
}

// okClosedInFunc: the rows are closed when the inner function returns.
func okClosedInFunc(ctx context.Context, db *sql.DB) error {
	var found []int64
	err := func() error {
		rows, err := db.QueryContext(ctx, "select id from jobs where not done")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			if found = append(found, id); len(found) == 10 {
				return nil
			}
		}
		return rows.Err()
	}()
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "update jobs set done = true where id = any($1)", found)
	return err
}

// okErrorHoldsNothing: the query failed, there are no rows.
func okErrorHoldsNothing(ctx context.Context, db *sql.DB) (int, error) {
	rows, err := db.QueryContext(ctx, "select id from jobs_view")
	if err != nil {
		var n int
		err = db.QueryRowContext(ctx, "select count(*) from jobs").Scan(&n)
		return n, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okScanErrorClosed closes before it writes the failure down.
func okScanErrorClosed(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from sessions")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			_ = rows.Close()
			_, logErr := db.ExecContext(ctx, "insert into failures values ($1)", err.Error())
			return errors.Join(err, logErr)
		}
	}
	return rows.Err()
}

// okMemoryWork only computes between the rows.
func okMemoryWork(ctx context.Context, db *sql.DB) (map[string]int, error) {
	rows, err := db.QueryContext(ctx, "select payload from jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	count := map[string]int{}
	for rows.Next() {
		var payload string
		if err := rows.Scan(&payload); err != nil {
			return nil, err
		}
		count[payload]++
	}
	return count, rows.Err()
}
