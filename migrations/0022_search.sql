-- What is searched: words as the code folds them (text/words.py), so that neither the locale of the
-- database nor an extension decides what is found. Written with the text that they come from.
-- Beside the words stand properties like `is:image` and `language:nl`: no word holds a colon.
CREATE TABLE status_words (
    status_id bigint PRIMARY KEY REFERENCES statuses ON DELETE CASCADE,
    words     tsvector NOT NULL
);
CREATE INDEX status_words_by_word ON status_words USING gin (words);

-- Weights: A the handle's name, B the display name, C the domain, D the note and the fields.
CREATE TABLE account_words (
    account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    words      tsvector NOT NULL
);
CREATE INDEX account_words_by_word ON account_words USING gin (words);

-- Byte order, so that a beginning is a range.
CREATE INDEX tags_by_beginning ON tags (name COLLATE "C");

-- What was here before is read by the worker, a part at a time.
INSERT INTO jobs (name, args, once_key)
SELECT 'index_statuses', '[0]', 'index_statuses' WHERE EXISTS (SELECT FROM statuses);
INSERT INTO jobs (name, args, once_key)
SELECT 'index_accounts', '[0]', 'index_accounts' WHERE EXISTS (SELECT FROM accounts);
