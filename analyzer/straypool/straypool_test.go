package straypool_test

import (
	"slices"
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
	for folder := range allow {
		patterns = slices.DeleteFunc(patterns, func(p string) bool { return p == "./straypool/"+folder+"/..." })
	}
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

func TestLabels(t *testing.T) {
	for _, folder := range analyzertest.Folders(t, testdata, "straypool") {
		dir := testdata + "/" + folder[:len(folder)-len("/...")]
		if folder == "./straypool/fixednames/..." {
			continue // methods whose names an interface gives
		}
		if ok, bad := analyzertest.CheckLabels(t, dir); ok+bad == 0 {
			t.Errorf("%s: no labeled functions", dir)
		}
	}
}
