// Package wiring is where the interface of core and its implementations meet.
package wiring

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/ifaces/core"
	"example.com/poolvet/testdata/holdwait/ifaces/pgnotify"
	"example.com/poolvet/testdata/holdwait/ifaces/quiet"
)

func badOutbox(pool *pgxpool.Pool) *core.Shipping {
	outbox := pgnotify.NewOutbox(pool)
	return core.New(pool, outbox, quiet.Flat(490)) // want `second connection`
}

func badOutboxVariable(pool *pgxpool.Pool) *core.Shipping {
	var n core.Notifier = pgnotify.NewOutbox(pool)
	var r core.Rates = quiet.Flat(490)
	return core.New(pool, n, r) // want `second connection`
}

// okBuffer: Notify takes no connection, Flush is called when the transaction is over.
func okBuffer(pool *pgxpool.Pool) *core.Shipping {
	return core.New(pool, &quiet.Buffer{Pool: pool}, quiet.Flat(490))
}

// okTariff: Rate takes a connection, but is called before the transaction begins.
func okTariff(pool *pgxpool.Pool) *core.Shipping {
	return core.New(pool, &quiet.Buffer{Pool: pool}, pgnotify.Tariff{Pool: pool})
}
