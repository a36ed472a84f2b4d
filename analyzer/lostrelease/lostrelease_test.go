package lostrelease_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/lostrelease"
)

const testdata = "../../testdata"

var rule = []*analysis.Analyzer{lostrelease.Analyzer}

func TestLostRelease(t *testing.T) {
	analyzertest.Run(t, testdata, rule, "./lostrelease/...")
}

func TestFixes(t *testing.T) {
	analyzertest.RunFixes(t, testdata, rule, "./lostrelease/fixes")
}

func TestLabels(t *testing.T) {
	ok, bad := analyzertest.CheckLabels(t, testdata+"/lostrelease")
	if ok == 0 || bad == 0 {
		t.Errorf("%d functions that must be silent, %d that must not: the corpus is not there", ok, bad)
	}
}
