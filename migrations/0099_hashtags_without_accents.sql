-- All ways to write a hashtag are one (federation/documents/tag.py): those that were told apart by
-- accents or by the width of their letters become one, with all that hangs on them.
CREATE TEMP TABLE folded AS
SELECT id, bare, first_value(id) OVER (PARTITION BY bare ORDER BY name = bare DESC, id) AS kept_id
FROM (SELECT id, name, translate(
        lower(normalize(name, NFKC)),
        'àáâãäåçèéêëìíîïðñòóôõöøùúûüýÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĸĺļľłńņňŋōŏőŕŗřśŝşšţťŧũūŭůűųŵŷźżž',
        'aaaaaaceeeeiiiidnoooooouuuuyyaaaccccddeeeeegggghhiiiiijkkllllnnnnooorrrsssstttuuuuuuwyzzz') AS bare
      FROM tags) t;
DELETE FROM folded f USING tags t
WHERE t.id = f.id AND t.name = f.bare AND f.id = f.kept_id;

INSERT INTO status_tags (tag_id, status_id)
SELECT f.kept_id, s.status_id FROM status_tags s JOIN folded f ON f.id = s.tag_id
ON CONFLICT DO NOTHING;
INSERT INTO tag_follows (account_id, tag_id)
SELECT t.account_id, f.kept_id FROM tag_follows t JOIN folded f ON f.id = t.tag_id
ON CONFLICT DO NOTHING;
INSERT INTO featured_tags (account_id, tag_id, name)
SELECT t.account_id, f.kept_id, t.name FROM featured_tags t JOIN folded f ON f.id = t.tag_id
ON CONFLICT DO NOTHING;
DELETE FROM tags t USING folded f WHERE f.id = t.id AND f.id <> f.kept_id;
UPDATE tags t SET name = f.bare FROM folded f WHERE f.id = t.id;

-- Posts are found by their hashtags' names.
INSERT INTO jobs (name, args) SELECT 'index_statuses', '[0]' WHERE EXISTS (SELECT FROM folded);
DROP TABLE folded;
