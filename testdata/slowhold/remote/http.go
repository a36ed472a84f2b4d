// Package remote: HTTP and gRPC while a transaction or a connection is held. S1.
package remote

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"
)

type Charge struct {
	Order  int64
	Amount int
}

type Checkout struct {
	pool   *pgxpool.Pool
	db     *sql.DB
	client *http.Client
	psp    string
}

func (c *Checkout) BadCharge(ctx context.Context, ch Charge) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update orders set state = 'paying' where id = $1", ch.Order); err != nil {
		return err
	}
	body, err := json.Marshal(ch)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.psp, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := c.client.Do(req) // want `tx is held while`
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if _, err := tx.Exec(ctx, "update orders set state = 'paid' where id = $1", ch.Order); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkCharge has two short transactions, and the request between them.
func (c *Checkout) OkCharge(ctx context.Context, ch Charge) error {
	if _, err := c.pool.Exec(ctx, "update orders set state = 'paying' where id = $1", ch.Order); err != nil {
		return err
	}
	body, err := json.Marshal(ch)
	if err != nil {
		return err
	}
	resp, err := http.Post(c.psp, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	_, err = c.pool.Exec(ctx, "update orders set state = 'paid' where id = $1", ch.Order)
	return err
}

func (c *Checkout) BadGet(ctx context.Context, id int64) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	resp, err := http.Get(fmt.Sprintf("%s/charges/%d", c.psp, id)) // want `tx is held while`
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := tx.ExecContext(ctx, "update orders set code = $2 where id = $1", id, resp.StatusCode); err != nil {
		return err
	}
	return tx.Commit()
}

func (c *Checkout) OkGetFirst(ctx context.Context, id int64) error {
	resp, err := http.Get(fmt.Sprintf("%s/charges/%d", c.psp, id))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "update orders set code = $2 where id = $1", id, resp.StatusCode); err != nil {
		return err
	}
	return tx.Commit()
}

func (c *Checkout) BadPostForm(ctx context.Context, id int64) error {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock($1)", id); err != nil {
		return err
	}
	resp, err := c.client.PostForm(c.psp, url.Values{"order": {fmt.Sprint(id)}}) // want `conn is held while`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// BadAcquired: an acquired connection, a request in the middle.
func (c *Checkout) BadAcquired(ctx context.Context, id int64) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	resp, err := http.DefaultClient.Head(c.psp) // want `conn is held while`
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	_, err = conn.Exec(ctx, "update orders set checked = true where id = $1", id)
	return err
}

func (c *Checkout) OkAcquiredLate(ctx context.Context, id int64) error {
	resp, err := http.DefaultClient.Head(c.psp)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = conn.Exec(ctx, "update orders set checked = true where id = $1", id)
	return err
}

// OkRequestOnly builds the request in the transaction and sends it afterwards.
func (c *Checkout) OkRequestOnly(ctx context.Context, id int64) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var hook string
	if err := tx.QueryRow(ctx, "update orders set sent = true where id = $1 returning hook", id).Scan(&hook); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Idempotency-Key", fmt.Sprint(id))
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return err
}

// OkInBackground: another goroutine sends; this one doesn't wait.
func (c *Checkout) OkInBackground(ctx context.Context, id int64) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	go func() {
		resp, err := http.Get(c.psp)
		if err == nil {
			_ = resp.Body.Close()
		}
	}()
	if _, err := tx.Exec(ctx, "update orders set sent = true where id = $1", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkErrorAnswer writes one short answer while the rollback is still deferred, as every handler does.
func (c *Checkout) OkErrorAnswer(w http.ResponseWriter, r *http.Request) {
	tx, err := c.pool.Begin(r.Context())
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer tx.Rollback(r.Context())
	if _, err := tx.Exec(r.Context(), "insert into visits default values"); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := tx.Commit(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// BadDial opens a connection to somebody else.
func (c *Checkout) BadDial(ctx context.Context, host string) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	peer, err := net.Dial("tcp", host) // want `tx is held while`
	if err != nil {
		return err
	}
	defer peer.Close()
	if _, err := tx.ExecContext(ctx, "insert into peers values ($1)", peer.RemoteAddr().String()); err != nil {
		return err
	}
	return tx.Commit()
}

// OkLocalRequest only reads what is in the request already.
func (c *Checkout) OkLocalRequest(r *http.Request) error {
	tx, err := c.db.BeginTx(r.Context(), nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	u, err := url.Parse(r.Header.Get("Referer"))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(r.Context(), "insert into referers values ($1, $2)", u.Host, r.UserAgent()); err != nil {
		return err
	}
	return tx.Commit()
}
