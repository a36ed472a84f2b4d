package command

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
)

// isTerminal reports whether a person reads w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// width is the number of columns of the terminal w; 0 if it is none.
func width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0 // a file or a pipe
	}
	return columns
}

// colors is when the text may be colored.
var colors = []string{"always", "auto", "never"}

// wantsColor reports whether the text is to be colored. NO_COLOR is that of no-color.org.
func wantsColor(when string, stdout io.Writer) (bool, error) {
	switch when {
	case "auto":
		return isTerminal(stdout) && os.Getenv("NO_COLOR") == "", nil
	case "always", "never":
		return when == "always", nil
	}
	return false, fmt.Errorf("-color: %w", analyzer.Unknown("value", when, colors))
}

const (
	patience = 500 * time.Millisecond // before a line of progress is shown: most runs end earlier
	refresh  = 100 * time.Millisecond
)

// progress is a line on a terminal that says how far a long run has come. On anything else it is nothing.
type progress struct {
	w     io.Writer
	doing atomic.Pointer[string]
	done  atomic.Int64
	total atomic.Int64
	quit  chan struct{}
	ended chan struct{}
}

// newProgress starts a line on w. The caller has to stop it.
func newProgress(w io.Writer) *progress {
	p := &progress{w: w, quit: make(chan struct{}), ended: make(chan struct{})}
	if !isTerminal(w) {
		close(p.ended)
		return p
	}
	go p.draw()
	return p
}

func (p *progress) draw() {
	defer close(p.ended)
	select {
	case <-p.quit:
		return
	case <-time.After(patience):
	}
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		p.line()
		select {
		case <-p.quit:
			fmt.Fprint(p.w, "\r\x1b[K")
			return
		case <-tick.C:
		}
	}
}

func (p *progress) line() {
	doing := p.doing.Load()
	if doing == nil {
		return // nothing has begun
	}
	if total := p.total.Load(); total > 0 {
		fmt.Fprintf(p.w, "\r\x1b[Kpoolvet: %s %d/%d", *doing, p.done.Load(), total)
		return
	}
	fmt.Fprintf(p.w, "\r\x1b[Kpoolvet: %s", *doing)
}

// say sets what is being done.
func (p *progress) say(doing string) { p.doing.Store(&doing) }

// count has the line count the packages on which an analyzer has run.
func (p *progress) count(a *analysis.Analyzer, total int) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		defer p.done.Add(1)
		return run(pass)
	}
	p.done.Store(0)
	p.total.Store(int64(total))
	p.say("analyzing package")
}

// stop removes the line. It may be called again.
func (p *progress) stop() {
	select {
	case <-p.quit:
	default:
		close(p.quit)
	}
	<-p.ended
}
