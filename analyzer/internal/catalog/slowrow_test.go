package catalog

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestSlowRow decodes rows of what is slow.
func TestSlowRow(t *testing.T) {
	for in, want := range map[string]Row{
		`{"func": "example.com/app/mail.Send", "kind": "slow"}`: {
			Func: "Send", Kind: Slow,
		},
		`{"func": "(*example.com/app/mail.Client[T]).Send", "kind": "slow", "note": "mail"}`: {
			Recv: "*Client", Func: "Send", Kind: Slow, Note: "mail",
		},
	} {
		got, err := userRow(t, in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if want.Path, want.user = "example.com/app/mail", true; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", in, got, want)
		}
		if !strings.HasSuffix(got.String(), ": slow") {
			t.Errorf("%s reads %s", in, &got)
		}
	}
}

// TestSlowRowErrors gives a slow row every key that it cannot have; the error names the key.
func TestSlowRowErrors(t *testing.T) {
	for in, want := range map[string]string{
		`"resource": "conn"`:       `resource: slow has none; it says nothing of connections`,
		`"type": "*p/q.T"`:         `type: slow has none`,
		`"result": 1`:              `result: slow has none`,
		`"out-arg": 1`:             `out-arg: slow has none`,
		`"handle": 1`:              `handle: slow has none`,
		`"holds": "slot"`:          `holds: slow has none`,
		`"freed": ["Close"]`:       `freed: slow has none`,
		`"ctx": true`:              `ctx: slow has none`,
		`"alias": true`:            `alias: slow has none`,
		`"transient": true`:        `transient: slow has none`,
		`"blocks": true`:           `blocks: slow has none`,
		`"callback": true`:         `callback: slow has none`,
		`"nothing-on-error": true`: `nothing-on-error: slow has none`,
		`"frees-receiver": true`:   `frees-receiver: slow has none`,
		`"arg": 1`:                 `arg: only consume and start have one`,
		`"each": true`:             `each: only start has one`,
		`"bound": "SetLimit"`:      `bound: only start has one`,
		`"bound-by-maker": true`:   `bound-by-maker: only start has one`,
		`"bounded": true`:          `bounded: only start has one`,
	} {
		row, err := userRow(t, `{"func": "(*p/q.T).F", "kind": "slow", `+in+`}`)
		if err == nil {
			t.Errorf("%s: no error, row %v", in, &row)
			continue
		}
		if !strings.Contains(err.Error(), "(*p/q.T).F: "+want) {
			t.Errorf("%s:\ngot  %v\nwant %s", in, err, want)
		}
	}
	if _, err := userRow(t, `{"func": "p/q.F", "kind": "lazy"}`); err == nil || !strings.HasSuffix(err.Error(), "start, join, slow)") {
		t.Errorf("the words of the kinds: %v", err)
	}
}

const mailer = `package app
type Client struct{}
func (*Client) Send(to string) error { return nil }
func (*Client) Close() error { return nil }
func Send(to string) error { return nil }
type Outer struct{ *Client }
`

// TestCheckSlow compares slow rows with the functions they speak of.
func TestCheckSlow(t *testing.T) {
	pkg := checkProgram(t, mailer)
	for _, test := range []struct {
		want string
		row  Row
	}{
		{"", Row{Func: "Send"}},
		{"", Row{Recv: "*Client", Func: "Send", Note: "mail"}},
		{"has no function Sent", Row{Func: "Sent"}},
		{"has no method Sent", Row{Recv: "*Client", Func: "Sent"}},
		{"has no type Mailer", Row{Recv: "*Mailer", Func: "Send"}},
		{`declared otherwise (did you mean "(*example.com/app.Client).Send"?)`, Row{Recv: "Client", Func: "Send"}},
		{`declared otherwise (did you mean "(*example.com/app.Client).Send"?)`, Row{Recv: "Outer", Func: "Send"}},
		{"no package example.com/gone", Row{Path: "example.com/gone", Func: "Send"}},
	} {
		test.row.Kind = Slow
		if test.row.Path == "" {
			test.row.Path = "example.com/app"
		}
		errs := Check([]Row{test.row}, func(path string) *types.Package {
			if path != pkg.Path() {
				return nil
			}
			return pkg
		})
		switch {
		case test.want == "" && len(errs) > 0:
			t.Errorf("%v: %v", &test.row, errs)
		case test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Error(), test.want)):
			t.Errorf("%v: got %v, want %s", &test.row, errs, test.want)
		}
	}
}

// TestWithSlow adds a user's rows to the catalog: they say what waits, and nothing else.
func TestWithSlow(t *testing.T) {
	pkg := checkProgram(t, mailer)
	query, get := method(t, "database/sql", "DB", "Query"), method(t, "net/http", "", "Get")
	c, err := Default().With([]Row{
		{Path: "example.com/app", Recv: "*Client", Func: "Send", Kind: Slow, Note: "mail"},
		{Path: "example.com/app", Func: "Send", Kind: Slow},
		{Path: "database/sql", Recv: "*DB", Func: "Query", Kind: Slow, Note: "a slow table"},
		{Path: "net/http", Func: "Get", Kind: Slow, Note: "the shop"},
	})
	if err != nil {
		t.Fatal(err)
	}
	send := findIn(pkg, "Client", "Send")
	for _, test := range []struct {
		fn          *types.Func
		want, usual string
	}{
		{send, "mail", ""},
		{findIn(pkg, "Outer", "Send"), "mail", ""}, // promoted
		{findIn(pkg, "", "Send"), "something slow", ""},
		{findIn(pkg, "Client", "Close"), "", ""},
		{query, "a slow table", ""},
		{get, "the shop", "HTTP"}, // the user's row wins
	} {
		if got := c.Waits(test.fn); got != test.want {
			t.Errorf("%s waits for %q, want %q", test.fn, got, test.want)
		}
		if got := Default().Waits(test.fn); got != test.usual {
			t.Errorf("%s waits for %q without rows, want %q", test.fn, got, test.usual)
		}
	}
	if c.Func(send) != nil || c.Shape(send) != nil || c.Spawns(send) || c.Joins(send) || c.StarterOf(send) != nil {
		t.Error("a slow row says something of connections or goroutines")
	}
	if r := c.Func(query); r == nil || r.Kind != Acquire {
		t.Errorf("a slow row hides what is known of connections: %v", r)
	}
	if !c.IsSlow("example.com/app") || Default().IsSlow("example.com/app") || c.IsSlow("example.com") || c.IsSlow("example.com/ap") {
		t.Error("IsSlow does not know the user's package, or knows too much")
	}
	if !slices.Contains(c.Paths(), "example.com/app") || c.IsLibrary("example.com/app") {
		t.Errorf("paths: %v", c.Paths())
	}
}
