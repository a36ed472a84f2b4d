package lostrelease_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
	"github.com/poolvet/poolvet/analyzer/lostrelease"
)

func TestLostRelease(t *testing.T) {
	analyzertest.Run(t, "../../testdata", []*analysis.Analyzer{lostrelease.Analyzer}, "./lostrelease/...")
}
