package catalog

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestUserRow decodes rows as users write them.
func TestUserRow(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Row
	}{
		{
			`{"func": "(*example.com/app/db.Store).Rows", "kind": "acquire", "resource": "rows", "type": "github.com/jackc/pgx/v5.Rows",
			  "holds": "slot", "freed": ["Close", "Next=false", "Scan=err"], "blocks": true, "ctx": true, "nothing-on-error": true}`,
			Row{
				Path: "example.com/app/db", Recv: "*Store", Func: "Rows", Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Slot,
				Freed: []Event{{"Close", Always}, {"Next", OnFalse}, {"Scan", OnError}}, CtxFrees: true, Blocks: true, NothingOnErr: true,
			},
		},
		{
			`{"func": "example.com/app/db.Open", "kind": "construct", "resource": "pool", "type": "*database/sql.DB", "freed": ["Close"]}`,
			Row{Path: "example.com/app/db", Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed},
		},
		{
			`{"func": "(example.com/app/db.Repo[T]).Each", "kind": "neutral", "resource": "rows", "holds": "slot-if-pool", "transient": true, "callback": true, "handle": 2}`,
			Row{Path: "example.com/app/db", Recv: "Repo", Func: "Each", Resource: Rows, Holds: SlotIfPool, Transient: true, Callback: true, Handle: 2},
		},
		{
			`{"func": "(*example.com/app/db.Store).Get", "kind": "acquire", "resource": "conn", "type": "*example.com/app/db.Conn", "holds": "slot", "freed": []}`,
			Row{Path: "example.com/app/db", Recv: "*Store", Func: "Get", Kind: Acquire, Resource: Conn, Type: "*example.com/app/db.Conn", Holds: Slot},
		},
		{
			`{"func": "(*example.com/app/db.Store).Put", "kind": "consume", "resource": "conn", "arg": 0, "note": "also nil"}`,
			Row{Path: "example.com/app/db", Recv: "*Store", Func: "Put", Kind: Consume, Resource: Conn, Note: "also nil"},
		},
		{
			`{"func": "(*example.com/app/db.Cursor).Next", "kind": "release", "resource": "rows", "freed": ["Next=false"]}`,
			Row{Path: "example.com/app/db", Recv: "*Cursor", Func: "Next", Kind: Release, Resource: Rows, Freed: nextFalse},
		},
		{
			`{"func": "example.com/app/db.Fill", "kind": "acquire", "resource": "rows", "type": "*database/sql.Rows", "result": -1, "out-arg": 2, "freed": ["Close"]}`,
			Row{Path: "example.com/app/db", Func: "Fill", Kind: Acquire, Resource: Rows, Type: sqlRows, Result: -1, OutArg: 2, Freed: closed},
		},
	} {
		var u UserRow
		if err := json.Unmarshal([]byte(test.in), &u); err != nil {
			t.Fatalf("%s: %v", test.in, err)
		}
		got, err := u.Row()
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if test.want.user = true; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", test.in, got, test.want)
		}
	}
}

// TestUserRowErrors gives rows that mean nothing; the error names the key and what it may be.
func TestUserRowErrors(t *testing.T) {
	const name = `"func": "(*example.com/app/db.Store).Rows", `
	for in, want := range map[string]string{
		`{}`:                                  `func: missing`,
		`{"func": "Rows", "kind": "neutral"}`: `func: malformed "Rows"`,
		`{"func": "(*Store).Rows", "kind": "neutral"}`:             `func: malformed "(*Store).Rows": the receiver needs its package path`,
		`{"func": "(*example.com/db.Store)", "kind": "neutral"}`:   `no method after the receiver`,
		`{"func": "(**example.com/db.S).Rows", "kind": "neutral"}`: `func: malformed`,
		`{"func": "example.com/db.", "kind": "neutral"}`:           `func: malformed`,
		`{"func": "example com/db.Open", "kind": "neutral"}`:       `func: malformed`,
		`{` + name + `"resource": "rows"}`:                         `kind: missing: one of neutral, construct, acquire, release, consume`,
		`{` + name + `"kind": "borrow"}`:                           `kind: unknown "borrow" (known: neutral, construct, acquire, release, consume`,
		`{` + name + `"kind": "release"}`:                          `resource: missing: release needs one`,
		`{` + name + `"kind": "release", "resource": "handle"}`:    `resource: unknown "handle" (known: pool, conn,`,
		`{` + name + `"kind": "neutral", "holds": "two"}`:          `holds: unknown "two" (known: nothing, slot, slot-if-pool, server, parent`,

		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T"}`:                                                  `freed: missing`,
		`{` + name + `"kind": "acquire", "resource": "rows", "freed": ["Close"]}`:                                           `type: missing`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close=true"]}`:                         `freed: unknown "Close=true"`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["rows.Close"]}`:                         `freed: unknown "rows.Close"`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "result": -2}`:                `result: -2`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "out-arg": 1}`:                `out-arg: needs result -1`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "result": -1, "out-arg": -1}`: `out-arg: -1`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "arg": 1}`:                    `arg: only consume and start have one`,
		`{` + name + `"kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "alias": true}`:               `alias: acquire returns a new holder`,
		`{"func": "p/q.F", "kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "result": -1}`:           `result: -1 needs a receiver or out-arg`,
		`{"func": "p/q.F", "kind": "acquire", "resource": "rows", "type": "T", "freed": ["Close"], "frees-receiver": true}`: `frees-receiver: needs a receiver or a handle`,
		`{"func": "p/q.F", "kind": "construct", "resource": "rows", "type": "T", "freed": ["Close"]}`:                       `resource: construct makes a pool, not a rows`,
		`{"func": "p/q.F", "kind": "construct", "resource": "pool", "type": "T"}`:                                           `freed: missing`,
		`{"func": "p/q.F", "kind": "release", "resource": "rows"}`:                                                          `write consume`,
		`{` + name + `"kind": "release", "resource": "rows", "freed": ["Close"]}`:                                           `freed: of a release row is its own outcome: Rows, Rows=false or Rows=err`,
		`{` + name + `"kind": "release", "resource": "rows", "type": "T"}`:                                                  `type: release has none`,
		`{` + name + `"kind": "release", "resource": "rows", "result": 1}`:                                                  `result: release has none`,
		`{` + name + `"kind": "release", "resource": "rows", "ctx": true}`:                                                  `ctx: only acquire`,
		`{` + name + `"kind": "release", "resource": "rows", "nothing-on-error": true}`:                                     `nothing-on-error: release holds nothing`,
		`{` + name + `"kind": "release", "resource": "rows", "frees-receiver": true}`:                                       `frees-receiver: only acquire`,
		`{` + name + `"kind": "consume", "resource": "rows", "arg": -1}`:                                                    `arg: -1`,
		`{` + name + `"kind": "consume", "resource": "rows", "freed": ["Close"]}`:                                           `freed: consume has none`,
		`{` + name + `"kind": "neutral", "handle": -1}`:                                                                     `handle: -1`,
		`{"func": "p/q.F", "kind": "neutral", "alias": true}`:                                                               `alias: needs a receiver or a handle`,
	} {
		var u UserRow
		if err := json.Unmarshal([]byte(in), &u); err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		row, err := u.Row()
		if err == nil {
			t.Errorf("%s: no error, row %v", in, &row)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\ngot  %v\nwant %s", in, err, want)
		}
	}
}
