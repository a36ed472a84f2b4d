package summary

import (
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// mailers is a package that touches no connection, and waits for something outside the program in many ways.
const mailers = `package mailers

import (
	"net/http"
	"strings"
	"time"
)

type Client struct{ http *http.Client }

// Send calls a function that stands behind it, which calls another one.
func (c *Client) Send(to string) error { return c.post("send", to) }

func (c *Client) post(op, to string) error {
	if err := c.check(to); err != nil {
		return err
	}
	return c.do(op)
}

func (c *Client) do(op string) error {
	resp, err := c.http.Get("http://mail.example/" + op)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (c *Client) check(to string) error { return nil }

// Subject only computes.
func (c *Client) Subject(s string) string { return strings.ToUpper(s) }

func First() error {
	time.Sleep(time.Second)
	_, err := http.Get("http://mail.example")
	return err
}

func FirstOfSelect(ready chan bool) error {
	_, err := http.Get("http://mail.example")
	select {
	case <-ready:
	}
	return err
}

func Short() { time.Sleep(10 * time.Millisecond) }

func Long() { time.Sleep(11 * time.Millisecond) }

func Variable(d time.Duration) { time.Sleep(d) }

func ShortThenLong() {
	time.Sleep(time.Millisecond)
	time.Sleep(time.Minute)
}

func Literal() func() error {
	return func() error {
		_, err := http.Get("http://mail.example")
		return err
	}
}

func Goroutine(c *Client) {
	go c.Send("x")
	go func() { First() }()
}

func Deferred(c *Client) { defer c.Send("x") }

func Argument(c *Client) { print(c.Send("x") == nil) }

func Select(a, b chan int) {
	select {
	case <-a:
	case b <- 1:
	}
}

func Default(a chan int) {
	select {
	case <-a:
	default:
	}
}

func InDefault(a chan int, c *Client) error {
	select {
	case <-a:
		return nil
	default:
		return c.Send("x")
	}
}

func InSelect(a chan int, c *Client) {
	select {
	case <-a:
		c.Send("x")
	}
}

func Even(n int) bool {
	if n == 0 {
		return true
	}
	return Odd(n - 1)
}

func Odd(n int) bool {
	if n == 0 {
		return First() == nil
	}
	return Even(n - 1)
}

func Value(do func(string) (*http.Response, error)) { do("x") }

func Converted(s string) []byte { return []byte(s) }

func Of[T any](to T) error { return First() }

func OfString() error { return Of("x") }

type Box[T any] struct{ last T }

func (b *Box[T]) Put(v T) error { return First() }

func PutInt(b *Box[int]) error { return b.Put(1) }

func init() { First() }
`

// shops is a package that waits by way of another one, and imports what waits too: only such packages are looked into.
const shops = `package shops

import (
	"net/http"

	"example.com/poolvet/testdata/lostrelease/overlaid/mailers"
)

const Method = http.MethodGet

type Shop struct{ mail *mailers.Client }

func (s *Shop) Order(to string) error { return s.confirm(to) }

func (s *Shop) confirm(to string) error { return s.mail.Send(to) }

func (s *Shop) Title() string { return s.mail.Subject("order") }

func Typed() error { return mailers.Of(1) }
`

// towns uses shops, and imports nothing that waits.
const towns = `package towns

import "example.com/poolvet/testdata/lostrelease/overlaid/shops"

func Visit(s *shops.Shop) error { return s.Order("x") }
`

// clocks imports nothing that is known to wait.
const clocks = `package clocks

import "time"

func Wait() { time.Sleep(time.Hour) }
`

// touched imports a package that uses a database, and touches nothing of it.
const touched = `package touched

import (
	"net/http"

	"example.com/poolvet/testdata/lostrelease/overlaid/store"
)

func Ask(o store.Order) error {
	_, err := http.Get(o.URL)
	return err
}
`

const store = `package store

import "database/sql"

type Order struct{ URL string }

func All(db *sql.DB) (*sql.Rows, error) { return db.Query("select 1") }
`

// TestSlowHelpers compares what importers are told of packages that touch no connection with what these do.
func TestSlowHelpers(t *testing.T) {
	facts := factsOfAll(t, Config{}, map[string]string{
		"mailers": mailers, "shops": shops, "towns": towns, "clocks": clocks, "touched": touched, "store": store,
	})
	const http = "waits for HTTP http.Get"
	for name, want := range map[string]string{
		"mailers.Client.Send":    http + " c.post c.do",
		"mailers.Client.post":    http + " c.do",
		"mailers.Client.do":      http,
		"mailers.Client.check":   "",
		"mailers.Client.Subject": "",
		"mailers.First":          "waits for sleeps time.Sleep",
		"mailers.FirstOfSelect":  http,
		"mailers.Short":          "",
		"mailers.Long":           "waits for sleeps time.Sleep",
		"mailers.Variable":       "waits for sleeps time.Sleep",
		"mailers.ShortThenLong":  "waits for sleeps time.Sleep",
		"mailers.Literal":        "",
		"mailers.Goroutine":      "",
		"mailers.Deferred":       http + " c.Send c.post c.do",
		"mailers.Argument":       http + " c.Send c.post c.do",
		"mailers.Select":         "waits for other goroutines",
		"mailers.Default":        "",
		"mailers.InDefault":      http + " c.Send c.post c.do",
		"mailers.InSelect":       "waits for other goroutines",
		"mailers.Odd":            "waits for sleeps time.Sleep First",
		"mailers.Even":           "waits for sleeps time.Sleep Odd First",
		"mailers.Value":          "",
		"mailers.Converted":      "",
		"mailers.Of":             "waits for sleeps time.Sleep First",
		"mailers.Box.Put":        "waits for sleeps time.Sleep First",
		"mailers.PutInt":         "waits for sleeps time.Sleep b.Put First",
		"mailers.OfString":       "waits for sleeps time.Sleep Of First",

		"shops.Shop.Order":   http + " s.confirm mail.Send c.post c.do",
		"shops.Shop.confirm": http + " mail.Send c.post c.do",
		"shops.Shop.Title":   "",
		"shops.Typed":        "waits for sleeps time.Sleep mailers.Of First",
		"towns.Visit":        "", // the package is not looked into

		"clocks.Wait": "", // the package is not looked into
		"touched.Ask": http,
	} {
		if got := described(facts.funcs[name]); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if at := facts.funcs["shops.Shop.Order"].Slow.At; at != "overlaid.go:"+line(mailers, "c.http.Get(") {
		t.Errorf("Order waits at %s", at)
	}
}

// TestSlowHelpersOfRows knows what the user's rows say.
func TestSlowHelpersOfRows(t *testing.T) {
	const folder = "example.com/poolvet/testdata/lostrelease/overlaid/"
	rows, err := catalog.Default().With([]catalog.Row{
		{Path: folder + "clocks", Func: "Wait", Kind: catalog.Slow, Note: "the clock"},
	})
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{"clocks": clocks, "users": "package users\n\nimport \"" + folder + "clocks\"\n\nfunc Use() { clocks.Wait() }\n"}
	for want, cfg := range map[string]Config{"": {}, "waits for the clock clocks.Wait": {Catalog: rows}} {
		if got := described(factsOfAll(t, cfg, sources).funcs["users.Use"]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
