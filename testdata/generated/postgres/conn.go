// Package postgres is a PostgreSQL that runs inside the client's connection: what the client writes is answered at once, in the
// same goroutine, so that a program can run thousands of times a second and nothing depends on time.
//
// A query has two rows of one number, unless the script chooses another outcome. The statements of transactions do what they say.
package postgres

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// Script chooses how statements end. It is asked at each of them, with the number of ways it can end, and returns one of them,
// from 0, which is that nothing goes wrong. The connections of a pool share one.
type Script interface {
	Choose(outcomes int) int
}

// The ways a query can end after the server has accepted it.
const (
	twoRows = iota
	noRows
	nullRow // one row that cannot be scanned into a number
	cutOff  // one row, then an error
	failure // an error before the first row
	outcomes
)

// Conn is a connection and the server behind it.
type Conn struct {
	script Script

	mu       sync.Mutex
	changed  sync.Cond // there is something to read, or nothing will come
	in, out  []byte
	started  bool
	ended    bool // by the server, as the client has said goodbye
	closed   bool
	deadline time.Time
	expiry   *time.Timer // of the deadline

	status   byte // of the transaction: I, T or E
	skipping bool // after an error, until Sync
	prepared map[string]string
	bound    string // the statement of the portal
	binary   bool   // its format
}

// Dial returns a new connection.
func Dial(script Script) net.Conn {
	c := &Conn{script: script, status: 'I', prepared: make(map[string]string)}
	c.changed.L = &c.mu
	return c
}

func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, net.ErrClosed
	}
	c.in = append(c.in, p...)
	for c.next() {
	}
	c.changed.Broadcast()
	return len(p), nil
}

// Read waits only where the client reads ahead, as pgx does in the background while a write takes long: otherwise the answer to all
// that was written is there.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, net.ErrClosed
		case !c.deadline.IsZero() && !time.Now().Before(c.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(c.out) > 0:
			n := copy(p, c.out)
			c.out = c.out[n:]
			return n, nil
		case c.ended:
			return 0, io.EOF
		}
		c.changed.Wait()
	}
}

func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.expires(time.Time{})
	c.changed.Broadcast()
	return nil
}

type addr struct{}

func (addr) Network() string { return "memory" }
func (addr) String() string  { return "memory" }

func (c *Conn) LocalAddr() net.Addr              { return addr{} }
func (c *Conn) RemoteAddr() net.Addr             { return addr{} }
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }
func (c *Conn) SetDeadline(t time.Time) error    { return c.SetReadDeadline(t) }

func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expires(t)
	c.changed.Broadcast()
	return nil
}

// expires sets the deadline for those who wait.
func (c *Conn) expires(t time.Time) {
	if c.expiry != nil {
		c.expiry.Stop()
		c.expiry = nil
	}
	if c.deadline = t; time.Until(t) > 0 {
		c.expiry = time.AfterFunc(time.Until(t), func() {
			c.mu.Lock() // or it comes between a look at the clock and the wait
			defer c.mu.Unlock()
			c.changed.Broadcast()
		})
	}
}

// next answers the next message, and reports whether there was one.
func (c *Conn) next() bool {
	head := 5
	if !c.started {
		head = 4 // the first message has no type
	}
	if len(c.in) < head {
		return false
	}
	end := head - 4 + int(binary.BigEndian.Uint32(c.in[head-4:]))
	if len(c.in) < end {
		return false
	}
	kind, body := c.in[0], c.in[head:end]
	c.in = c.in[end:]
	if !c.started {
		c.started = true
		c.send(&pgproto3.AuthenticationOk{})
		c.send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
		c.ready()
		return true
	}
	if err := c.answer(kind, body); err != nil {
		panic(err) // a message that this server does not know: a fault of this package
	}
	return true
}

// send appends a message to what the client will read.
func (c *Conn) send(m pgproto3.BackendMessage) {
	out, err := m.Encode(c.out)
	if err != nil {
		panic(err) // a fault of this package
	}
	c.out = out
}

func (c *Conn) ready() { c.send(&pgproto3.ReadyForQuery{TxStatus: c.status}) }

// fail sends an error, which a transaction does not survive.
func (c *Conn) fail(code, text string) {
	c.send(&pgproto3.ErrorResponse{Severity: "ERROR", Code: code, Message: text})
	if c.status == 'T' {
		c.status = 'E'
	}
}

var errUnknown = errors.New("postgres: a message of an unknown type")
