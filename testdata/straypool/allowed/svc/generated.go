package svc

import (
	entsql "entgo.io/ent/dialect/sql"

	"example.com/poolvet/testdata/straypool/allowed/gen"
)

// badGenerated calls the constructor of generated code: nobody can mend it there, so this is the place.
func badGenerated() (*gen.Client, error) {
	return gen.Open("postgres", dsn) // want "gen.Open builds a pool outside the packages"
}

// okGeneratedClient makes a client of a pool that is there.
func okGeneratedClient(drv *entsql.Driver) *gen.Client { return gen.NewClient(drv) }
