package straypool_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
	"github.com/poolvet/poolvet/analyzer/straypool"
)

const (
	testdata = "../../testdata"
	module   = "example.com/poolvet/testdata/straypool/"
)

// allow is the setting that a folder is analyzed with; the others have none.
var allow = map[string][]string{
	"allowed":     {module + "allowed/internal/db"},
	"allowedmain": {"main", module + "allowedmain/internal/..."},
}

func TestStrayPool(t *testing.T) {
	patterns := analyzertest.Folders(t, testdata, "straypool")
	patterns = slices.DeleteFunc(patterns, func(p string) bool {
		folder := path.Base(strings.TrimSuffix(p, "/..."))
		return allow[folder] != nil || folder == "advice"
	})
	analyzertest.Run(t, testdata, []*analysis.Analyzer{straypool.Analyzer}, patterns...)
}

func TestAllow(t *testing.T) {
	for folder, patterns := range allow {
		t.Run(folder, func(t *testing.T) {
			rule := straypool.New(summary.Default(), summary.Config{}, patterns)
			analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./straypool/"+folder+"/...")
		})
	}
}

func TestAdvice(t *testing.T) {
	cfg := summary.Config{Strict: true}
	rule := straypool.New(summary.New(cfg), cfg, nil)
	analyzertest.Run(t, testdata, []*analysis.Analyzer{rule}, "./straypool/advice/...")
}

// unchecked is the folders whose labels are not checked: the parts of examined are checked one by one, the methods in
// fixednames have the names that an interface gives them, and advice is about main.
var unchecked = []string{"examined", "fixednames", "advice"}

func TestLabels(t *testing.T) {
	ok, bad := 0, 0
	for _, pattern := range append(analyzertest.Folders(t, testdata, "straypool"), analyzertest.Folders(t, testdata, "straypool/examined")...) {
		folder := strings.TrimSuffix(pattern, "/...")
		if slices.Contains(unchecked, path.Base(folder)) {
			continue
		}
		o, b := analyzertest.CheckLabels(t, path.Join(testdata, folder))
		ok, bad = ok+o, bad+b
	}
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
