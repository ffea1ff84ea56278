import {Component, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {localization} from "@web/core/l10n/localization";

/** A small line of the last values. What it shows is said in words beside it. */
export class Sparkline extends Component {
    static template = "distribution_dashboard.Sparkline";
    static props = {points: Array};

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        useEffect(
            () => {
                this.draw();
            },
            () => [this.props.points]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async draw() {
        await loadBundle("web.chartjs_lib");
        // The card may be gone before the library is there.
        if (!this.canvas.el) {
            return;
        }
        this.chart?.destroy();
        this.chart = new window.Chart(this.canvas.el, this.config);
    }

    get config() {
        const {points} = this.props;
        const color = getComputedStyle(this.canvas.el).color;
        return {
            type: "line",
            data: {
                labels: points.map(([day]) => day),
                datasets: [
                    {
                        data: points.map(([, value]) => value),
                        borderColor: color,
                        backgroundColor: color,
                        borderWidth: 1.5,
                        tension: 0.2,
                        // The last day is the one that counts.
                        pointRadius: points.map((_, place) =>
                            place === points.length - 1 ? 2.5 : 0
                        ),
                    },
                ],
            },
            options: {
                animation: false,
                events: [],
                layout: {padding: 3},
                maintainAspectRatio: false,
                plugins: {legend: {display: false}, tooltip: {enabled: false}},
                scales: {
                    x: {
                        display: false,
                        reverse: localization.direction === "rtl",
                    },
                    y: {display: false, grace: "5%"},
                },
            },
        };
    }
}
