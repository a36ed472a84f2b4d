package rowspgx

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

// okLoopConditions: each of these loops ends with Next having returned false.
func okLoopConditions(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	a, err := pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	for {
		if !a.Next() {
			break
		}
		n++
	}
	b, err := pool.Query(ctx, listNames)
	if err != nil {
		return n, err
	}
	for ok := b.Next(); ok; ok = b.Next() {
		n++
	}
	c, err := pool.Query(ctx, listNames)
	if err != nil {
		return n, err
	}
	more := c.Next()
	for more {
		n++
		more = c.Next()
	}
	return n, errors.Join(a.Err(), b.Err(), c.Err())
}

// badLimitAfterNext stops by its own counter: Next has not returned false then.
func badLimitAfterNext(ctx context.Context, pool *pgxpool.Pool, max int) (n int, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	for rows.Next() && n < max {
		n++
	}
	return n, rows.Err()
}

// badLimitBeforeNext does not ask Next again once it has enough.
func badLimitBeforeNext(ctx context.Context, pool *pgxpool.Pool, max int) (names []string, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	for len(names) < max && rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// badExactlyThree reads three rows of three: the last Next is missing.
func badExactlyThree(ctx context.Context, pool *pgxpool.Pool) (names [3]string, err error) {
	rows, err := pool.Query(ctx, "select name from podium order by place limit 3") // want "rows is n(ot|ever) closed"
	if err != nil {
		return names, err
	}
	for i := range names {
		if !rows.Next() {
			return names, rows.Err()
		}
		if err := rows.Scan(&names[i]); err != nil {
			return names, err
		}
	}
	return names, nil
}

// okCollectors: the collecting functions close on every path, also when the error of Query is dropped.
func okCollectors(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	rows, _ := pool.Query(ctx, listNames)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	rows, err = pool.Query(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	first, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[helpers.User])
	if errors.Is(err, pgx.ErrNoRows) {
		return names, nil
	}
	rows, _ = pool.Query(ctx, "select name from users where id = $1", first.ID)
	return pgx.AppendRows(names, rows, pgx.RowTo[string])
}

// okForEach reads through a callback that stops early.
func okForEach(ctx context.Context, pool *pgxpool.Pool, visit func(int64, string) error) error {
	rows, err := pool.Query(ctx, listUsers)
	if err != nil {
		return err
	}
	var id int64
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { return visit(id, name) })
	return err
}

// okExactlyOne returns the collector's results.
func okExactlyOne(ctx context.Context, pool *pgxpool.Pool, id int64) (helpers.User, error) {
	rows, err := pool.Query(ctx, "select id, name from users where id = $1", id)
	if err != nil {
		return helpers.User{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[helpers.User])
}

// badCollectOnOnePath takes the fast way for small results and forgets the other.
func badCollectOnOnePath(ctx context.Context, pool *pgxpool.Pool, small bool) ([]string, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	if small {
		return pgx.CollectRows(rows, pgx.RowTo[string])
	}
	var names []string
	for rows.Next() {
		name, err := pgx.RowTo[string](rows)
		if err != nil {
			return nil, err
		}
		if names = append(names, name); len(names) > 1000 {
			return names, nil
		}
	}
	return names, rows.Err()
}

// badRowToIsNoCollector scans the current row only.
func badRowToIsNoCollector(ctx context.Context, pool *pgxpool.Pool) (map[string]any, error) {
	rows, err := pool.Query(ctx, listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	if !rows.Next() {
		return nil, pgx.ErrNoRows
	}
	return pgx.RowToMap(rows)
}

// badOwnCancel: ending the context frees nothing in pgx.
func badOwnCancel(pool *pgxpool.Pool) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	ok := rows.Next()
	return ok, rows.Err()
}

// okTwoResults closes the first rows before the second query.
func okTwoResults(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	users, err := pool.Query(ctx, listUsers)
	if err != nil {
		return 0, err
	}
	n := 0
	for users.Next() {
		n++
	}
	users.Close()
	teams, err := pool.Query(ctx, "select id from teams")
	if err != nil {
		return 0, err
	}
	defer teams.Close()
	for teams.Next() {
		n++
	}
	return n, teams.Err()
}

// badSecondQueryFails loses the first rows when the second query fails.
func badSecondQueryFails(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	users, err := pool.Query(ctx, listUsers) // want "users is not closed"
	if err != nil {
		return 0, err
	}
	teams, err := pool.Query(ctx, "select id from teams")
	if err != nil {
		return 0, err
	}
	defer users.Close()
	defer teams.Close()
	n := 0
	for users.Next() && teams.Next() {
		n++
	}
	return n, errors.Join(users.Err(), teams.Err())
}

// okConditionalQuery: rows of one of two queries, closed once.
func okConditionalQuery(ctx context.Context, pool *pgxpool.Pool, team int64) (names []string, err error) {
	var rows pgx.Rows
	if team != 0 {
		rows, err = pool.Query(ctx, "select name from users where team = $1", team)
	} else {
		rows, err = pool.Query(ctx, listNames)
	}
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// badConditionalQuery is the same without the Close, and stops early.
func badConditionalQuery(ctx context.Context, pool *pgxpool.Pool, team int64) (name string, err error) {
	var rows pgx.Rows
	if team != 0 {
		rows, err = pool.Query(ctx, "select name from users where team = $1", team) // want "rows is n(ot|ever) closed"
	} else {
		rows, err = pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	}
	if err != nil {
		return "", err
	}
	if rows.Next() {
		err = rows.Scan(&name)
	}
	return name, err
}
