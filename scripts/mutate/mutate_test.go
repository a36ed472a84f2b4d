package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	_ "golang.org/x/sync/errgroup" // the sample needs it
)

// want is what becomes of the sample, by place: operator, function, outcome.
var want = strings.Fields(`
	max-open:open:poollimit
	max-open-0:open:poollimit
	defer:ids:lostrelease
	late-defer:ids:lostrelease
	undefer:ids:lostrelease
	close:first:lostrelease
	early-return:first:lostrelease
	late-close:first:lostrelease
	scan:count:lostrelease
	exec-to-query:clear:lostrelease
	exec-to-query:move:holdwait
	tx-to-pool:move:holdwait
	early-return:move:lostrelease
	rollback:move:lostrelease
	arg-to-pool:move:holdwait
	early-return:move:lostrelease
	rollback:move:lostrelease
	commit:move:lostrelease
	early-return:move:lostrelease
	limit-len:moveAll:fanout
	set-limit:moveAll:fanout
	semaphore:clearAll:fanout
	defer:readAll:survived
	defer:mark:lostrelease
	late-defer:mark:lostrelease
	exec-to-query:mark:survived
	tx-to-pool:mark:holdwait
	commit:mark:survived
`)

func TestSample(t *testing.T) {
	before, err := os.ReadFile("testdata/shop/shop.go")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mutate(".", []string{"./testdata/shop"}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.mutants {
		outcome := "survived"
		if m.caught != nil {
			outcome = m.caught.rule
		}
		got = append(got, fmt.Sprintf("%s:%s:%s", m.operator.name, m.in.decl.Name.Name, outcome))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\n\nwant\n%s", g, w)
	}
	var out bytes.Buffer
	r.print(&out, false)
	t.Log(out.String())
	for _, line := range []string{"defer               3         3       2         1   67 %", "  on a transaction or connection\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the report lacks %q", line)
		}
	}
	if after, err := os.ReadFile("testdata/shop/shop.go"); err != nil || !bytes.Equal(before, after) {
		t.Error("the sample is not what it was")
	}
}

// TestLines has edits that take lines away and bring some.
func TestLines(t *testing.T) {
	text := []byte("a\nb(\n\tc,\n)\nd\n")
	if got := string(apply(text, []edit{{10, 10, "; e"}, {2, 9, "_ = 1\n\n"}})); got != "a\n_ = 1\n\n\n; ed\n" && strings.Count(got, "\n") != 5 {
		t.Errorf("%q", got)
	}
}
