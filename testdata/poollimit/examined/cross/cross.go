// Package cross meets helpers of other packages.
package cross

import (
	"database/sql"

	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okCrossTune() *sqlx.DB {
	x := sqlx.MustConnect("pgx", conf.DSN)
	conf.Tune(x.DB)
	return x
}

func okCrossLimit() (*sqlx.DB, error) {
	x, err := sqlx.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	conf.Limit(x, 5)
	return x, nil
}

type pools struct{ rw, ro *sql.DB }

func okCrossPair(rw, ro string) (p pools, err error) {
	if p.rw, err = conf.BadRaw(rw); err != nil {
		return
	}
	if p.ro, err = conf.BadRaw(ro); err != nil {
		return
	}
	for _, d := range []*sql.DB{p.rw, p.ro} {
		d.SetMaxOpenConns(6)
	}
	return
}

func okCrossApplyLiteral() (*sql.DB, error) {
	s := conf.Settings{MaxOpen: 10, MaxIdle: 5}
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	s.Apply(db)
	return db, nil
}

func badCrossApplyHuge() (*sql.DB, error) {
	s := conf.Settings{MaxOpen: 500, MaxIdle: 5} // want "limit 500 is more than a server"
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	s.Apply(db)
	return db, nil
}
