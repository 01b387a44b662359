package repscorer.api.page;

import java.util.Locale;

/** A page for a browser as it is written: everything inside the one file, light or dark as the reader's system is, without scripts. */
public final class Page {

    private static final String STYLE = """
            :root{color-scheme:light dark} body{font:15px/1.5 system-ui,sans-serif;color:#1f2933;background:#fff;max-width:1080px;
            margin:32px auto;padding:0 24px}
            h1{font-size:24px;margin:0} h2{font-size:17px;margin:36px 0 4px;border-top:1px solid #cbd2d9;padding-top:16px}
            p{color:#52606d;margin:4px 0} p.note{color:#8d5a00}
            table{border-collapse:collapse;margin:10px 0;font-variant-numeric:tabular-nums} th,td{padding:3px 12px;text-align:right;
            border-bottom:1px solid #e4e7eb} th{font-weight:600;color:#52606d} th:first-child,td:first-child{text-align:left}
            figure{margin:8px 0} figcaption{font-size:12px;color:#52606d} svg{display:block;font:10px system-ui,sans-serif}
            @media(prefers-color-scheme:dark){body{background:#16202a;color:#f5f7fa} p,th,figcaption{color:#9aa5b1} p.note{color:#f0b429}
            th,td,h2{border-color:#3e4c59}}
            """;

    private final StringBuilder page = new StringBuilder();

    /** @param style what this page has besides, in CSS */
    public Page(String title, String style) {
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(escaped(title))
                .append("</title><style>\n")
                .append(STYLE)
                .append(style)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
    }

    /** Adds markup as it is. */
    public Page append(CharSequence markup) {
        page.append(markup);
        return this;
    }

    public void heading(String text) {
        page.append("<h2>").append(escaped(text)).append("</h2>\n");
    }

    public void paragraph(String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    /** A paragraph that says what a reader should beware of. */
    public void note(String text) {
        page.append("<p class=\"note\">").append(escaped(text)).append("</p>\n");
    }

    /** The whole page. */
    public String end() {
        return page.append("</body></html>\n").toString();
    }

    public static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1_000 ? "%.1f" : "%.4f", value);
    }

    /** A text as markup. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
